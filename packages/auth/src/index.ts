export {
  mayPerform,
  type Operation,
  operations,
  type Relation,
  type Role,
  relationOf,
  relations,
  rights,
  roles,
} from './rights.ts';
