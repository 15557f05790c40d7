// Runs the vectors of spec/vectors/checkin against the page's own modules and says where they differ, in the browser.

async (files) => {
  const [answers, book, bytes, card, canonical, enrolment, pack, signing] = await Promise.all(
    ["answers", "book", "bytes", "card", "canonical", "enrolment", "pack", "signing"].map((name) => import(`./js/${name}.js`)),
  );
  const wrong = [];
  let count = 0;
  const same = (name, found, wanted) => {
    count += 1;
    const [one, other] = [found, wanted].map((value) => JSON.stringify(value));
    if (one !== other) wrong.push(`${name}: ${one} is not ${other}`);
  };
  const code = async (ask) => {
    try {
      return [await ask(), ""];
    } catch (reason) {
      if (!(reason instanceof pack.Broken)) throw reason;
      return [null, reason.code];
    }
  };
  const unhex = (text) => Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));
  // Ed25519 seeds stand in PKCS#8 behind a fixed head (RFC 8410).
  const signer = (seed) =>
    crypto.subtle.importKey("pkcs8", bytes.joined(unhex("302e020100300506032b657004220420"), unhex(seed)), "Ed25519", false, ["sign"]);

  for (const one of files.cards.cases) {
    const said = await card.readCard(one.text, one.case);
    same(`card ${one.name}`, [said.wrong ?? "", said.line ?? "", said.batch ?? 0, said.version ?? 0], [one.wrong, one.line, one.batch, one.version]);
  }
  const content = await pack.readContent(bytes.utf8(files.answers.content), bytes.fromBase64(files.answers.key));
  for (const one of files.answers.cases) {
    const said = await answers.answer(content, one.known, one.posting, one.text, one.time);
    same(`answer ${one.name}`, [said.words, said.line, said.outcome], [one.words, one.line, one.outcome]);
  }
  for (const one of files.leads.cases) {
    const people = new Map();
    const over = new Set();
    for (const [side, planned] of Object.entries(one.planned))
      for (let place = 1; place <= planned; place += 1) {
        const line = `${side} ${place}`;
        people.set(line, { line, giving: side });
        if (place <= one.handed[side]) over.add(line);
      }
    const found = answers.leads({ parties: Object.keys(one.planned), people }, over);
    same(`leads ${JSON.stringify(one.planned)}`, Object.keys(one.leads).map((side) => found[side].lead), Object.values(one.leads));
  }
  const device = await signer(files.entries.seed);
  for (const one of files.entries.cases) {
    same(`entry text`, bytes.textOf(book.signedText("entry", one.entry)), one.text);
    same(`entry id`, await book.entryId(one.entry), one.id);
    same(`entry line`, `${await book.signedLine("entry", one.entry, device)}\n`, one.line);
  }
  for (const one of files.entries.malformed) same(`malformed ${one.name}`, book.readLine(one.line), null);
  for (const one of files.entries.plain) same(`plain`, book.plain(one.text), one.plain);
  for (const one of files.packs.cases) {
    const [said, why] = await code(() => pack.openPack(bytes.utf8(one.file), one.pin, files.packs.key));
    same(`pack ${one.name}`, why, one.code);
    if (said && one.content) {
      const body = one.content.slice(0, one.content.lastIndexOf("\n\n") + 1);
      same(`content ${one.name}`, [...said.people.keys()], [...pack.readBody(body).people.keys()]);
    }
  }
  for (const one of files.enrolment.cases) {
    const [said, why] = await code(() => enrolment.readCode(one.text));
    same(`code ${one.name}`, why, one.code);
    if (said) {
      const { caseLetters, device: name, expiry, token, keyLetters } = said;
      same(`code ${one.name} says`, { case: caseLetters, device: name, expires: expiry, token, key: keyLetters }, one.says);
    }
  }
  const { opening, request, certificate } = files.enrolment;
  const asked = book.readLine(request.trimEnd());
  same("request", asked.body.proof, await enrolment.proofOf(opening.token, opening.device, asked.body.key));
  same("request again", `${await book.signedLine("request", asked.body, await signer(files.enrolment.seed))}`, request.trimEnd());
  same("certificate", book.readLine(certificate.trimEnd())?.kind, "certificate");

  const { case: caseName, batch, time } = files.books;
  const trusted = new Map(Object.entries(files.books.trusted).map(([name, key]) => [name, bytes.fromBase64(key)]));
  const sorted = (list) => list.map((one) => canonical.encode(one)).sort();
  for (const one of files.books.cases)
    for (const texts of [one.books, [...one.books].reverse(), [...one.books, ...one.books]]) {
      const joined = await book.joinBooks(texts, { trusted, case: caseName, batch, time });
      same(`book ${one.name}`, joined.accepted.map(({ id }) => id), one.accepted);
      same(`aside ${one.name}`, sorted(joined.aside), sorted(one.aside));
      same(`shown ${one.name}`, sorted(joined.shown), sorted(one.shown));
      for (const [counter, tally] of Object.entries(one.tallies))
        same(`tally ${one.name}`, canonical.encode(book.tally(joined.accepted, counter)), canonical.encode(tally));
    }
  const small = "0100000000000000000000000000000000000000000000000000000000000000";
  same("a key of small order", signing.usableKey(unhex(small)), false);
  return { count, wrong };
}
