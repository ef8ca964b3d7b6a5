export { mayPerform, type Operation, operations, type Role, rights, roles } from './rights.ts';
