/** codeOf folds what was typed (full-width digits, blanks) to four digits, or '' if it is not that. */
export function codeOf(typed: string): string {
  const digits = typed.normalize('NFKC').replace(/[\s-]/g, '');
  return /^\d{4}$/.test(digits) ? digits : '';
}
