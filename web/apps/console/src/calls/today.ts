const japan = 9 * 3_600_000; // ms ahead of UTC

/** today is the day in Japan, as date fields have it; days counts from it. */
export const today = (days = 0) => new Date(Date.now() + japan + days * 86_400_000).toISOString().slice(0, 10);
