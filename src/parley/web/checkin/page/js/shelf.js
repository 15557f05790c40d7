// Keeps what the device must not lose in the browser's database: who it is, its packs, and every line of the books it knows.

const VERSION = 2;
const STORES = {
  // Who this device is, one row for each name under which it was made ready; "current" says which is in use.
  devices: { keyPath: "device" },
  // The packs as they came, still locked.
  packs: { keyPath: ["case", "batch", "version"] },
  // Entries: own ones with `own` set to the device's name, so that a number is given once in each batch; others' without.
  entries: { keyPath: "id", indexes: [["own_of", ["own", "case", "batch", "number"], true], ["of", ["case", "batch"], false]] },
  settings: { keyPath: "name" },
};

const BALLAST = 4 * 1024 * 1024; // bytes; an entry takes little more than one thousand

let opened = null;

/** Open the database; the same one for every caller. */
export function openShelf(name = "parley-checkin") {
  opened ??= new Promise((done, failed) => {
    const asked = indexedDB.open(name, VERSION);
    asked.onupgradeneeded = () => {
      for (const [store, { keyPath, indexes = [] }] of Object.entries(STORES)) {
        const here = asked.result.objectStoreNames.contains(store);
        const made = here ? asked.transaction.objectStore(store) : asked.result.createObjectStore(store, { keyPath });
        for (const old of [...made.indexNames]) if (!indexes.some(([index]) => index === old)) made.deleteIndex(old);
        for (const [index, path, unique] of indexes)
          if (!made.indexNames.contains(index)) made.createIndex(index, path, { unique });
      }
    };
    asked.onsuccess = () => {
      asked.result.onclose = () => (opened = null);
      asked.result.onversionchange = () => asked.result.close();
      done(asked.result);
    };
    asked.onerror = () => {
      opened = null;
      failed(asked.error);
    };
  });
  return opened;
}

function finished(transaction) {
  return new Promise((done, failed) => {
    transaction.oncomplete = () => done();
    transaction.onerror = transaction.onabort = () => failed(transaction.error ?? new DOMException("aborted", "AbortError"));
  });
}

function result(request) {
  return new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
}

async function reading(store, ask) {
  const shelf = await openShelf();
  return result(ask(shelf.transaction(store, "readonly").objectStore(store)));
}

// "strict" waits until the disk has it: a battery that goes out a moment later takes nothing along.
async function writing(store, change) {
  const shelf = await openShelf();
  const transaction = shelf.transaction(store, "readwrite", { durability: "strict" });
  change(transaction.objectStore(store));
  return finished(transaction);
}

export async function setting(name) {
  return (await reading("settings", (store) => store.get(name)))?.value;
}

export function keepSetting(name, value) {
  return writing("settings", (store) => store.put({ name, value }));
}

export function keepDevice(row) {
  return writing("devices", (store) => store.put(row));
}

export async function namedDevice(name) {
  return name ? ((await reading("devices", (store) => store.get(name))) ?? null) : null;
}

export async function currentDevice() {
  return namedDevice(await setting("device"));
}

export function keepPack(row) {
  return writing("packs", (store) => store.put(row));
}

/** The newest pack that this device holds, by version; of one case and batch where they are given. */
export async function newestPack(caseName, batch) {
  const packs = await reading("packs", (store) => store.getAll());
  const fitting = packs.filter((pack) => !caseName || (pack.case === caseName && pack.batch === batch));
  return fitting.sort((one, other) => other.version - one.version)[0] ?? null;
}

/** The newest own entry of a batch, or null: its number and id make the next one. */
export async function lastOwn(device, caseName, batch) {
  const shelf = await openShelf();
  const index = shelf.transaction("entries").objectStore("entries").index("own_of");
  const whose = [device, caseName, batch];
  const found = await result(index.openCursor(IDBKeyRange.bound([...whose, 0], [...whose, Infinity]), "prev"));
  return found?.value ?? null;
}

/**
 * Add one new own entry; fails where its number was given already. Where the storage is full, the ballast goes overboard
 * and the entry takes its room.
 */
export async function addEntry(row) {
  try {
    await writing("entries", (store) => store.add(row));
  } catch (reason) {
    if (reason?.name !== "QuotaExceededError" || !(await setting("ballast"))) throw reason;
    await writing("settings", (store) => store.delete("ballast"));
    await writing("entries", (store) => store.add(row));
  }
}

/**
 * Hold some room back while there is plenty: browsers no longer say truly how much is left, so the page finds out in time
 * that its storage is full, while thousands of entries still fit. Says whether the ballast lies there.
 */
export async function ballasted() {
  try {
    if (await setting("ballast")) return true;
    const bytes = new Uint8Array(BALLAST);
    for (let place = 0; place < BALLAST; place += 65_536) crypto.getRandomValues(bytes.subarray(place, place + 65_536));
    await keepSetting("ballast", bytes);
    return true;
  } catch {
    return false;
  }
}

/** All entries of a case and batch, `{id, entry, line, own, state}` each. */
export async function allEntries(caseName, batch) {
  return reading("entries", (store) => store.index("of").getAll([caseName, batch]));
}

/** Keep entries of others; what is here already stays as it is. */
export async function keepOthers(rows) {
  const shelf = await openShelf();
  const transaction = shelf.transaction("entries", "readwrite", { durability: "strict" });
  const store = transaction.objectStore("entries");
  for (const row of rows) {
    const asked = store.getKey(row.id);
    asked.onsuccess = () => asked.result === undefined && store.put(row);
  }
  return finished(transaction);
}

/** Note how far own entries have come: "saved", "sent", "confirmed"; never a step back. */
export async function mark(ids, state) {
  const steps = ["saved", "sent", "confirmed"];
  const shelf = await openShelf();
  const transaction = shelf.transaction("entries", "readwrite", { durability: "strict" });
  const store = transaction.objectStore("entries");
  for (const id of ids) {
    const asked = store.get(id);
    asked.onsuccess = () => {
      const row = asked.result;
      if (row?.own && steps.indexOf(row.state) < steps.indexOf(state)) store.put({ ...row, state });
    };
  }
  return finished(transaction);
}

/** Whether the storage is nearly full, as far as the browser and the ballast tell. */
export async function nearlyFull() {
  if (!(await ballasted())) return true;
  const found = await navigator.storage?.estimate?.().catch(() => null);
  return Boolean(found?.quota) && found.quota - found.usage < 5 * BALLAST;
}
