/**
 * What one plain lifecycle may make the databases do, so that the floor cannot grow unseen: a test counts one and compares.
 * To spend more is a decision: change the figure together with what spends it, and say why.
 */
export const budget = { statements: 235, transactions: 42, events: 13 };
