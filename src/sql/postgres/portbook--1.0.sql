\echo Use "CREATE EXTENSION portbook" to load this file. \quit

-- A transport is its name in any letter case, or its IP protocol number. Answers are NULL for what
-- is no port, name or transport. They change with the edition that is asked; see portbook-sql(7).

CREATE FUNCTION service_name(port integer, transport text) RETURNS text
AS 'MODULE_PATHNAME', 'portbook_service_name'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;

CREATE FUNCTION service_name(port integer, protocol integer) RETURNS text
AS 'MODULE_PATHNAME', 'portbook_service_name_numbered'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;

CREATE FUNCTION service_port(name text, transport text) RETURNS integer
AS 'MODULE_PATHNAME', 'portbook_service_port'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;

CREATE FUNCTION service_port(name text, protocol integer) RETURNS integer
AS 'MODULE_PATHNAME', 'portbook_service_port_numbered'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;

CREATE FUNCTION port_state(port integer, transport text) RETURNS text
AS 'MODULE_PATHNAME', 'portbook_port_state'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;

CREATE FUNCTION port_state(port integer, protocol integer) RETURNS text
AS 'MODULE_PATHNAME', 'portbook_port_state_numbered'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;

CREATE FUNCTION portbook_edition() RETURNS text
AS 'MODULE_PATHNAME', 'portbook_edition'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 1;

COMMENT ON FUNCTION service_name(integer, text) IS 'the registered service name of a port';
COMMENT ON FUNCTION service_name(integer, integer) IS 'the registered service name of a port';
COMMENT ON FUNCTION service_port(text, text) IS 'the registered port of a service name';
COMMENT ON FUNCTION service_port(text, integer) IS 'the registered port of a service name';
COMMENT ON FUNCTION port_state(integer, text) IS 'assigned, reserved or unassigned';
COMMENT ON FUNCTION port_state(integer, integer) IS 'assigned, reserved or unassigned';
COMMENT ON FUNCTION portbook_edition() IS 'the edition of the registry that is asked';
