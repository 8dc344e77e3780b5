import path from 'node:path';
import { storeContract } from './contract';
import { SqliteStore } from './sqlite';

storeContract('SQLite', (folder) => SqliteStore.open(path.join(folder, 'observatory.sqlite')));
