/** Both warnings are known and say nothing to the person at the terminal; the second is kafkajs's timer. */
export const nodeFlags = ['--disable-warning=ExperimentalWarning', '--disable-warning=TimeoutNegativeWarning'];
