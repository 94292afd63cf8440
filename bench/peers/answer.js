// The worker's end of ask.js.
export function answerWith(operations) {
  onmessage = async ({ data: [number, name, argument] }) => {
    try {
      postMessage([number, null, await operations[name](argument)]);
    } catch (error) {
      postMessage([number, String(error)]);
    }
  };
}
