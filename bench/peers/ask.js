// Numbered questions to a worker of a peer, one promise each.
export function asker(script) {
  const worker = new Worker(new URL(script, import.meta.url), { type: "module" });
  const waiting = new Map();
  let last = 0;
  worker.onmessage = ({ data: [number, error, result] }) => {
    const [resolve, reject] = waiting.get(number);
    waiting.delete(number);
    if (error) reject(new Error(error));
    else resolve(result);
  };
  worker.onerror = ({ message }) => {
    for (const [, reject] of waiting.values()) reject(new Error(message));
  };
  return (name, argument) =>
    new Promise((resolve, reject) => {
      waiting.set(++last, [resolve, reject]);
      worker.postMessage([last, name, argument]);
    });
}
