// TypeORM's picture of the tables; SQL is the truth (migrations/*.sql) and a test compares the two.
export const entities: readonly (new () => object)[] = []
