/**
 * Automatic next: after a finish the next visitor is called by itself, at once or, when nobody waited, as soon as somebody comes.
 *
 * Only a finish begins it; whatever else is done at the counter (a call, a pause, closing, taking back) ends it. The server decides
 * who gets a visitor: of several idle counters that ask at once, those that come too late hear "nobody" and go on waiting.
 */

const ASK_AGAIN = 15000;

/**
 * @param {object} hall  what it needs of the screen:
 *   on(): whether the clerk wants it;  desk(): the newest, or null;  me: {id};  mine(): ids of the visits that wait for this desk;
 *   calm(): nothing is under way or being asked;  call(): put the command in the line;  memory: {kept, keep} of this browser
 */
export function autoNext({ on, desk, me, mine, calm, call, memory }) {
  let asked = null; // the visits that waited when it was asked last, and when that was
  let told = null; // the same, of the asking to which the server said that there is nobody

  const finished = () => memory.kept("finished");
  const end = () => finished() && memory.keep("finished", "");
  const ready = () => Boolean(finished()) && on() && desk() !== null && !desk().current;

  /** A snapshot came, or something ended: call if somebody new waits. What was done here in another window ends it too. */
  function look() {
    const now = desk();
    if (now && (now.state !== "open" || now.clerk?.id !== me.id || (now.current && now.current.visit !== finished()))) end();
    if (!ready() || !calm()) return;
    const waiting = mine();
    if (told) told.visits = told.visits.filter((visit) => waiting.includes(visit));
    const fresh = told && performance.now() - told.at < ASK_AGAIN;
    if (told && (waiting.length === 0 || (fresh && waiting.every((visit) => told.visits.includes(visit))))) return;
    asked = { visits: waiting, at: performance.now() };
    call();
  }

  return {
    look,
    /** Whether whoever comes next is called by itself. */
    waits: ready,
    answered(job, { ok, status }) {
      if (job.auto && status === 204) {
        told = asked;
      } else if (ok && job.path === "finish") {
        memory.keep("finished", job.about);
        told = null;
      } else if (ok || job.auto) {
        end();
      }
      look();
    },
  };
}
