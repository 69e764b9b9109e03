package mutants

const (
	match      = "statements/match"
	novelty    = "statements/novelty"
	press      = "statements/press"
	quote      = "statements/quote"
	statements = "statements"
	program    = "cmd/onrecord"
)

// judgement is what must never go unnoticed in what makes a post a statement.
// Where a quotation could be somebody else's, the oracle of the whole program is
// asked as well as the package's own tests.
var judgement = []mutant{
	// Is it on the case?
	{
		name: "own name is evidence", in: "statements/match: compiled.kindOf",
		find: `case u.person == speaker:`,
		put:  `case u.person == speaker && u.person < 0:`,
		pkg:  match, tests: "TestOwnName",
		why: "whoever bears a name says it daily, and all of it would be on the case",
	},
	{
		name: "words of other matters count", in: "statements/match: compiled.kindOf",
		find: `return otherMatter, true`,
		put:  `return caseKeyword, true`,
		pkg:  match, tests: "TestExclude",
		why: "what the operator excludes would be put on the record for it",
	},
	{
		name: "a repost is accepted", in: "statements/match: score.form",
		find: `		sc.hold(notOwnWords, onrecord.Reason{})`,
		put:  `		_ = notOwnWords`,
		pkg:  match, tests: "TestOthersWordsAreNeverAccepted",
		why: "somebody else's words are shown as the speaker's",
	},
	{
		name: "an opinion beats a rule", in: "statements/match: Settled",
		find: `e.Code == NotNear || e.Code == table[notOwnWords].Code || e.Code == table[noWords].Code`,
		put:  `e.Code == NotNear`,
		pkg:  bot, tests: "TestRulesStand",
		why: "a model puts on the record what no evidence of ours can",
	},
	{
		name: "a model makes posts vanish", in: "statements: judged",
		find: `		d.Quiet = true`,
		put:  `		d.Label = onrecord.Reject`,
		pkg:  bot, tests: "TestOpinion",
		why: "what our own evidence leaves for a person is gone because a model says so",
	},
	{
		name: "who instructs a model is heard", in: "statements: judged",
		find: `	if o.Instructs {
		return d`,
		put: `	if o.Instructs && o.Model == "\x00" {
		return d`,
		pkg: bot, tests: "TestNoOpinion",
		why: "a post that tells a model to say yes is on the record",
	},
	{
		name: "what is shown repeats what is not", in: "statements: unseen",
		find: `earlier.Quiet && !fresh.Quiet`,
		put:  `earlier.Quiet && fresh.Quiet`,
		pkg:  statements, tests: "TestQuietRepeatsNothing",
		why: "a post that a reviewer should see is folded into one that nobody was told of",
	},
	{
		name: "a rival case holds nothing back", in: "statements/match: holdRivals",
		find: `				sc.hold(rivalCase, onrecord.Reason{Text: o.id})`,
		put:  `				_ = o`,
		pkg:  match, tests: "TestRivals",
		why: "words about one lawsuit are shown to the readers of another",
	},
	{
		name: "context teaches", in: "statements/match: State.learn",
		find: `case sc.total >= sc.w.Review && sc.own && sc.byName:`,
		put:  `case sc.total >= sc.w.Review:`,
		pkg:  match, tests: "TestContext",
		why: "one wrong decision breeds the next",
	},

	// Whose words are they?
	{
		name: "a lawyer is the client", in: "statements/press: article.subjectOf",
		find: `if slices.ContainsFunc(a.withoutWhen(between), func(t lang.Word) bool { return !mayFollow(t.Text) }) {`,
		put:  `if len(between) < 0 {`,
		pkg:  press, tests: "TestOthersWords",
		why: `"Reyes's lawyer said" is not Reyes`,
	},
	{
		name: "an article is a pronoun", in: "statements/press: article.behind",
		find: `&& namesSomebody(rest[1])`,
		put:  `&& !namesSomebody(rest[1])`,
		pkg:  program, tests: "TestQuotations",
		why: `"dijo el abogado" gives a lawyer's words to whoever spoke before`,
	},
	{
		name: "a new paragraph is the same speaker's", in: "statements/press: article.continues",
		find: `return last.GoesOn || !strings.Contains(between, "\n")`,
		put:  `return true`,
		pkg:  press, tests: "TestOthersNearby",
		why: "a quotation nobody is named for is given to the one before it",
	},
	{
		name: "the last speaker goes on", in: "statements/press: article.attributeAll",
		find: `case q.by == nobody && i > 0 && (q.follows || a.continues(i)):`,
		put:  `case q.by < 0 && i > 0 && a.said[i-1].by >= 0:`,
		pkg:  program, tests: "TestQuotations",
		why: "whatever somebody without a name says is the last speaker's",
	},
	{
		name: "she is whoever spoke last", in: "statements/press: article.antecedent",
		find: `	if !lang.HasWord(window) {`,
		put:  `	if !lang.HasWord(window) || last >= 0 {`,
		pkg:  press, tests: "TestOthersWords",
		why: "a pronoun behind words about somebody else is taken for the last speaker",
	},
	{
		name: "an open mark closes at the paragraph", in: "statements/press: article.attributeAll",
		find: `q.by = a.beginning(before, q)`,
		put:  `q.by = max(q.by, a.beginning(before, q))`,
		pkg:  press, tests: "TestOthersWords",
		why: "the reporter's words behind a forgotten mark are the speaker's",
	},
	{
		name: "what is alleged was said", in: "statements/press: article.secondHand",
		find: `case documents[t.Text] && a.byPaper(c.words, i):`,
		put:  `case documents[t.Text] && i < 0:`,
		pkg:  press, tests: "TestTold",
		why: "what a complaint quotes is put on the record as said",
	},
	{
		name: "what is recalled is new", in: "statements/press: article.secondHand",
		find: `case a.old(c.words, i):`,
		put:  `case i < 0:`,
		pkg:  press, tests: "TestTold",
		why: "words of an earlier year are shown as a statement of today",
	},
	{
		name: "a witness is whom the witness quotes", in: "statements/press: article.led",
		find: `	if a.nested(c, verb) {
		return someone
	}
	v :=`,
		put: `	v :=`,
		pkg: press, tests: "TestSecondHand",
		why: `"a colleague testified that Reyes said" is not Reyes`,
	},
	{
		name: "a relative is the person", in: "statements/press: article.meant",
		find: `women[w] && !a.cast[who].mayBeWoman(),`,
		put:  `women[w] && who < 0,`,
		pkg:  press, tests: "TestTold",
		why: "words of somebody of the same surname are the party's",
	},

	// Do they stand in the source?
	{
		name: "half a word", in: "statements/quote: canon.border",
		find: `case lang.InWord(before) && lang.InWord(after):`,
		put:  `case i < 0 && lang.InWord(before) && lang.InWord(after):`,
		pkg:  quote, tests: "TestVerify",
		why: `"legal" stands in "illegal"`,
	},
	{
		name: "a negation left out", in: "statements/quote: canon.mayLeaveOut",
		find: `return !lang.Negates(string(gap))`,
		put:  `return true`,
		pkg:  quote, tests: "TestVerify",
		why: "an ellipsis turns a denial into its opposite",
	},
	{
		name: "letter case is typesetting", in: "statements/quote: canon.ascii",
		find: `	c.mark(b, at, at+1)`,
		put:  "	if 'A' <= b && b <= 'Z' {\n		b += 'a' - 'A'\n	}\n	c.mark(b, at, at+1)",
		pkg:  quote, tests: "TestVerify|TestVerifyRefusesMutations",
		why: "a quotation is byte for byte what was said",
	},
	{
		name: "pieces of two letters", in: "statements/quote: leastFragment",
		find: `leastFragment = 8`,
		put:  `leastFragment = 2`,
		pkg:  quote, tests: "TestVerify",
		why: "with short pieces a sentence is put together that nobody said",
	},
	{
		name: "a single mark runs on", in: "statements/quote: quotationAt",
		find: `				if doubtful {`,
		put:  `				if doubtful && open < 0 {`,
		pkg:  press, tests: "TestVoicesGolden",
		why: "what the reporter writes behind a quotation is shown as a part of it",
	},

	// Are they new?
	{
		name: "a denial repeats the claim", in: "statements/novelty: otherFacts",
		find: `denial && !slices.ContainsFunc(b.words, denies) || al.denied && !denial`,
		put:  `denial && al.denied && !al.denied`,
		pkg:  novelty, tests: "TestLadder|TestLanguages",
		why: `"we took it" is shown as a repetition of "we did not take it"`,
	},
	{
		name: "another number repeats the claim", in: "statements/novelty: otherFacts",
		find: `return x.fact && !denies(x) &&`,
		put:  `return x.fact && x.start < 0 &&`,
		pkg:  novelty, tests: "TestLadder|TestLanguages",
		why: "nine million is shown as a repetition of six",
	},
	{
		name: "a ruling repeats a hearing", in: "statements/novelty: repeats",
		find: ` && slices.Equal(a.outcomes(), b.outcomes())`,
		put:  ``,
		pkg:  novelty, tests: "TestRulings",
		why: "readers are told that a dismissal is old news",
	},
	{
		name: "a model's likeness beats a denial", in: "statements/novelty: Differs",
		find: `if fresh.denies() != earlier.denies() && fresh.shares(earlier) >= sameSubject {`,
		put:  `if fresh.Start < 0 {`,
		pkg:  novelty, tests: "TestDiffers",
		why: `"we took it" is marked as "we did not take it" in other words`,
	},
	{
		name: "a model likens what readers do not know", in: "statements: reworded",
		find: ` && s.Speaker == fresh.Speaker && !s.Held && !unseen(s, fresh)`,
		put:  ` && s.Speaker == fresh.Speaker`,
		pkg:  statements, tests: "TestInOtherWords",
		why: "a message refers to a statement that nobody was told of",
	},
	{
		name: "a changed fact is folded", in: "statements/novelty: corpus.version",
		find: `case al.fact || al.turned || al.dropped || len(al.changed) > 0:`,
		put:  `case al.turned || al.dropped:`,
		pkg:  novelty, tests: "TestLadder|TestLanguages|TestDistinct",
		why: "readers are not told that the number changed",
	},
	{
		name: "the other side is folded", in: "statements/novelty: corpus.sameWords",
		find: `if !e.SameSide || len(a.words) == 0 ||`,
		put:  `if len(a.words) == 0 ||`,
		pkg:  novelty, tests: "TestOtherSide",
		why: "an opponent who says the same is silenced",
	},
	{
		name: "a formula is a repetition", in: "statements/novelty: boilerplate",
		find: `boilerplate = 3`,
		put:  `boilerplate = 3000`,
		pkg:  novelty, tests: "TestFormula",
		why: "what a speaker puts under every post makes all of them the same",
	},
	{
		name: "few words are a repetition", in: "statements/novelty: corpus.sameWords",
		find: `if len(c.mine.words) < tooFew {`,
		put:  `if len(c.mine.words) < 0 {`,
		pkg:  novelty, tests: "TestLadder",
		why: `"Exactly." is said on many occasions`,
	},

	// What does it do to the record?
	{
		name: "what is sure is folded into a doubt", in: "statements: unseen",
		find: `fresh.Lane == onrecord.Record && earlier.Lane != onrecord.Record ||`,
		put:  `fresh.Lane == "" && earlier.Lane != onrecord.Record ||`,
		pkg:  statements, tests: "TestRepeatedWords",
		why: "readers never see a statement that only a reviewer has seen",
	},
	{
		name: "another speaker is a place", in: "statements: displayed",
		find: `v.Novelty == onrecord.Mirror && of.Speaker != speaker`,
		put:  `v.Novelty == onrecord.Mirror && of.Speaker != speaker && speaker == ""`,
		pkg:  statements, tests: "TestRepeatedWords",
		why: "a co-defendant who says the same is silenced",
	},
	{
		name: "a statement without words", in: "statements: Reader.find",
		find: `s.Lane == onrecord.Record && lacksQuote(s)`,
		put:  `s.Lane == onrecord.Record && lacksQuote(s) && s.ID < 0`,
		pkg:  statements, tests: "TestOwnPosts",
		why: "an article in which nobody is sure that the speaker speaks is the speaker's",
	},
	{
		name: "others' words are new ones", in: "statements: added",
		find: `onrecord.Span{Start: start, End: end}`,
		put:  `onrecord.Span{Start: min(start, a.Start), End: max(end, a.End)}`,
		pkg:  program, tests: "TestQuotations",
		why: "a release's quotation of somebody else is shown as what its speaker adds",
	},
	{
		name: "an article on something else", in: "statements: Reader.onCase",
		find: `	d.Label = onrecord.Review`,
		put:  `	_ = onrecord.Review`,
		pkg:  bot, tests: "TestPressOpinion",
		why: "a word about the case at its end puts all of an article on the record",
	},
	{
		name: "told before the watch", in: "statements: newQuotes",
		find: `contains(in.Baseline, text) ||`,
		put:  `in.Baseline == "\x00" && contains(in.Baseline, text) ||`,
		pkg:  statements, tests: "TestArticles",
		why: "a correction of an old article is shown as news",
	},
	{
		name: "a verdict is made anew", in: "statements: above",
		find: `slices.Index(order, a) > slices.Index(order, b)`,
		put:  `slices.Index(order, a) >= slices.Index(order, b)`,
		pkg:  statements, tests: "TestReadingAgain",
		why: "what readers were shown is put on the record a second time",
	},
	{
		name: "a person overruled by a reading", in: "statements: Reader.readAgain",
		find: `before.Moderated || i < 0`,
		put:  `i < 0`,
		pkg:  statements, tests: "TestReadingAgain",
		why: "what a person rejected is on the record",
	},
	{
		name: "read again without end", in: "statements: reread",
		find: `!n.Moderated && !n.Again &&`,
		put:  `!n.Moderated &&`,
		pkg:  statements, tests: "TestEarlierPartsAreReadAgain",
		why: "each part of a thread has every doubtful one read anew",
	},
	{
		name: "a rejection teaches acceptance", in: "statements: Reader.Moderate",
		find: `m.Statement.Case, m.Label.Accepts(), state`,
		put:  `m.Statement.Case, true, state`,
		pkg:  statements, tests: "TestRulings",
		why: "what a person rejects is accepted the next time",
	},
}
