import { writePages } from './generate.ts';

writePages(process.cwd());
