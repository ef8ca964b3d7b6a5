/** The warning is known and says nothing to the person at the terminal. */
export const nodeFlags = ['--disable-warning=ExperimentalWarning'];
