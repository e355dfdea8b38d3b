/** What is read of response headers, whoever holds them. */
export interface HeaderView {
  get(name: string): string | null;
  has(name: string): boolean;
}
