// How long the tasks of a page take.

/**
 * The longest task of the page's main thread while `work` is done, in milliseconds of the processor's time: other
 * programs on the machine may keep a task waiting, and aren't the page's fault.
 */
export async function longestTask({ browser, page }, work) {
  await browser.startTracing(page, { categories: ["toplevel", "__metadata"] });
  await work();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString("utf8"));
  const mains = traceEvents.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain");
  const isOfPage = (event) => mains.some(({ pid, tid }) => pid === event.pid && tid === event.tid);
  const tasks = traceEvents.filter((event) => event.ph === "X" && event.tdur !== undefined && isOfPage(event));
  if (tasks.length === 0) throw new Error("the trace has no tasks of the page");
  return Math.max(...tasks.map((task) => task.tdur)) / 1000;
}
