/**
 * What one plain lifecycle may make the databases do, so that the floor cannot grow unseen: a test counts one and compares.
 * To spend more is a decision: change the figure together with what spends it, and say why.
 */
export const budget = { statements: 255, transactions: 50, events: 13 };
