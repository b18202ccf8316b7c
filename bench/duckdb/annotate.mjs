// Flow records with the service of each, by a join: annotate.mjs FLOWS PORTS OUT THREADS. PORTS is
// a CSV of transport, port, rank and service for every port of the four transports.
import { DuckDBInstance } from '@duckdb/node-api';

const [flows, ports, out, threads] = process.argv.slice(2);
const instance = await DuckDBInstance.create(':memory:', { threads });
const connection = await instance.connect();
await connection.run(`CREATE TABLE ports AS SELECT * FROM read_csv('${ports}', header = true,
	columns = {proto: 'UTINYINT', port: 'USMALLINT', rank: 'UTINYINT', service: 'VARCHAR',
		state: 'VARCHAR'})`);
const start = process.hrtime.bigint();
await connection.run(`COPY (
	SELECT f.*,
		CASE WHEN s.rank * 65536 + s.port < d.rank * 65536 + d.port
			THEN s.service ELSE d.service END AS service,
		CASE WHEN s.rank * 65536 + s.port < d.rank * 65536 + d.port
			THEN s.port ELSE d.port END AS service_port,
		CASE WHEN s.rank * 65536 + s.port < d.rank * 65536 + d.port
			THEN 'src' ELSE 'dst' END AS service_side,
		CASE WHEN s.rank * 65536 + s.port < d.rank * 65536 + d.port
			THEN s.state ELSE d.state END AS service_state
	FROM read_csv('${flows}', header = true, columns = {src: 'VARCHAR', sport: 'USMALLINT',
		dst: 'VARCHAR', dport: 'USMALLINT', proto: 'UTINYINT', bytes: 'UBIGINT'}) f
	LEFT JOIN ports s ON s.proto = f.proto AND s.port = f.sport
	LEFT JOIN ports d ON d.proto = f.proto AND d.port = f.dport
) TO '${out}' (FORMAT csv, HEADER)`);
console.log(Number(process.hrtime.bigint() - start));
