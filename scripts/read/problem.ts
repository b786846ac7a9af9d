/** Something in a description that cannot be taken as it stands: the reporter's mistake, shown in a comment. */
export type Problem = {
  code: string;
  kind: 'section duplicated' | 'conflict' | 'yaml';
  /** The fields it makes doubtful, by their first name in the record. */
  fields: string[];
  /** The path of the one field that contradicts itself. */
  field?: string;
  section: string;
  line: number;
  /** What stands there: people's text. */
  given: string[];
  /** On which line each of them stands, where that is known. */
  at?: number[];
};
