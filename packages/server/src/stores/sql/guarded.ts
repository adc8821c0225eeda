type Call = (...args: never[]) => Promise<unknown>;

export interface Guard {
  /** Whether the transaction has ended: the connection is somebody else's then. */
  readonly over: () => boolean;
  readonly onFailure: (error: unknown) => void;
}

/** The same functions, which refuse to be called after the end and tell of what they throw. */
export function guarded<T extends { readonly [K in keyof T]: Call }>(functions: T, { over, onFailure }: Guard): T {
  const entries = Object.entries<Call>(functions).map(([name, call]) => {
    const guard = async (...args: never[]): Promise<unknown> => {
      if (over()) throw new Error(`${name} was called after the end of its transaction.`);
      try {
        return await call(...args);
      } catch (error) {
        onFailure(error);
        throw error;
      }
    };
    return [name, guard];
  });
  return Object.fromEntries(entries) as T;
}
