CREATE EXTENSION portbook;
SET portbook.image = :'small';
-- Names: of several one that is no alias, of a range all.
SELECT port, transport, service_name(port, transport), port_state(port, transport)
  FROM (VALUES (7, 'tcp'), (7, 'TCP'), (10, 'udp'), (15, 'Udp'), (20, 'udp'), (21, 'udp'),
               (7, 'sctp'), (0, 'dccp'), (1023, 'tcp'), (65535, 'tcp')) AS asked (port, transport);
-- By IP protocol number.
SELECT service_name(7, 6), service_name(15, 17), port_state(7, 33), port_state(7, 132);
-- Ports: of a range the first.
SELECT service_port('early', 'tcp'), service_port('LATE', 6), service_port('wide', 'udp'),
       service_port('wide', 17);
-- What is no port, name or transport has no answer.
SELECT count(*), count(service_name(port, transport)), count(port_state(port, transport))
  FROM (VALUES (-1, 'tcp'), (65536, 'tcp'), (2147483647, 'tcp'), (-2147483648, 'tcp'), (7, ''),
               (7, 'icmp'), (7, 'tcp '), (7, repeat('tcp', 1000)), (NULL, 'tcp'), (7, NULL))
    AS asked (port, transport);
SELECT count(*), count(service_name(7, protocol)), count(port_state(7, protocol)),
       count(service_port('early', protocol))
  FROM (VALUES (0), (1), (-6), (262), (2147483647), (NULL)) AS asked (protocol);
SELECT count(*), count(service_port(name, 'tcp'))
  FROM (VALUES (''), ('wide'), ('portless'), ('none'), (repeat('early', 100000)), (NULL))
    AS asked (name);
-- Any values.
SELECT count(*), count(name) FILTER (WHERE state IS DISTINCT FROM 'assigned') AS odd,
       count(state) > 0 AS some, count(*) FILTER (WHERE found NOT BETWEEN 0 AND 65535) AS out
  FROM (SELECT service_name(number, words) AS name, port_state(number, words) AS state,
               service_port(words || md5(i::text), number) AS found
          FROM (SELECT i, hashint4(i) % (CASE WHEN i % 3 = 0 THEN 70000 ELSE 30 END) AS number,
                       left('tcp', i % 5) || substr(md5(i::text), 1, i % 7 * (i % 2)) AS words
                  FROM generate_series(1, 20000) AS i) AS made) AS answers;
-- What it declares.
SELECT p.oid::regprocedure AS function, provolatile, proparallel, proisstrict
  FROM pg_proc AS p JOIN pg_depend AS d ON d.objid = p.oid JOIN pg_extension AS e ON e.oid = d.refobjid
 WHERE e.extname = 'portbook' AND d.classid = 'pg_proc'::regclass ORDER BY p.oid;
-- In an index, with a small registry and with values that are compressed.
CREATE TABLE flows (port integer, transport text);
CREATE INDEX flows_service ON flows (service_name(port, transport));
INSERT INTO flows VALUES (7, 'tcp'), (7, 'udp'), (12, 'udp'), (7, repeat('x', 1000000));
SET enable_seqscan = off;
SELECT port, transport FROM flows WHERE service_name(port, transport) = 'Wide';
RESET enable_seqscan;
-- An answer of a registry that is asked no more.
SELECT service_name(port, transport) AS before,
       set_config('portbook.image', :'built_in', false) <> '' AS set,
       service_name(port + 436, transport) AS after, service_name(port, transport) AS now
  FROM flows WHERE port = 7 AND transport = 'tcp';
BEGIN;
SET LOCAL portbook.image = :'small';
DECLARE c CURSOR FOR SELECT service_name(port, transport) FROM flows ORDER BY port, transport;
FETCH 1 FROM c;
SAVEPOINT s;
SET LOCAL portbook.image = :'built_in';
FETCH 1 FROM c;
ROLLBACK TO s;
FETCH 1 FROM c;
COMMIT;
SELECT service_name(7, 'tcp'), portbook_edition() IS NOT NULL AS edition;
-- Misuse.
\set VERBOSITY sqlstate
SET portbook.image = '/nowhere/at/all';
SELECT service_name(7, 'tcp');
SELECT portbook_edition();
SET portbook.image = '/etc/passwd';
SELECT port_state(7, 'tcp');
SET portbook.other = 'x';
\set VERBOSITY default
RESET portbook.image;
SELECT port_state(443, 'tcp');
CREATE ROLE portbook_guest;
SET ROLE portbook_guest;
SET portbook.image = '';
SELECT port_state(443, 'udp');
RESET ROLE;
DROP ROLE portbook_guest;
DROP TABLE flows;
DROP EXTENSION portbook;
