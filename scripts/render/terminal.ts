/** How a piece of a comment looks on a terminal; `paint` colours it or leaves it plain. */
type Paint = (style: 'bold' | 'dim' | 'cyan', text: string) => string;

/** A comment as a person sees it in GitLab, on a terminal: the marker hidden, folded parts as one line, fences framed. */
export function renderTerminal(body: string, paint: Paint): string {
  const shown = body
    .replace(/^<!--.*-->\n/, '')
    .replace(/<details><summary>(.*?)<\/summary>[^]*?<\/details>/g, '▸ $1 (folded)');
  let inFence = false;
  const lines = shown.trim().split('\n');
  const drawn = lines.flatMap((line) => {
    if (line.startsWith('```')) {
      inFence = !inFence;
      return [];
    }
    if (inFence) return [paint('cyan', `    ${line}`)];
    const bullet = line.replace(/^- /, '• ');
    return [
      bullet
        .replace(/\*\*(.+?)\*\*/g, (_all, text: string) => paint('bold', text))
        .replace(/`([^`]+)`/g, (_all, text: string) => paint('cyan', text)),
    ];
  });
  return drawn.map((line) => `  │ ${line}`.trimEnd()).join('\n');
}
