package demo

import "time"

// The case is invented, and so is every word said in it.
const theCase = `cases:
  - id: northwind-v-harbor
    title: Northwind Data v. Harbor Labs
    court: U.S. District Court, Northern District of Example
    docket: ["26-cv-00417"]
    url: https://court.example/dockets/26-cv-00417
    filed: 2026-10-05
    parties:
      - {name: Northwind Data, role: plaintiff, aliases: [Northwind]}
      - {name: Harbor Labs, role: defendant, aliases: ["@harborlabs"]}
      - {name: Ivo Lind, role: defendant, aliases: [Lind]}
    people:
      - {name: Dana Reyes, role: chief executive of Harbor Labs, aliases: [Reyes]}
    keywords: [pricing model, personal drive]
    events: [{date: 2026-10-05, what: complaint filed}]
`

// beat is something that happens in the story.
type beat struct {
	says string // what the narrator tells the audience
	do   func(*world)
	wait func(*world) bool // until the audience has seen what follows from it; nil: nothing follows
}

const (
	filing = "Today we filed suit against Harbor Labs and Ivo Lind. In March a former engineer copied our pricing model to a personal drive and took it with him. We asked for it back three times."
	denial = "We have read Northwind Data's complaint. We deny its claims: nobody at Harbor Labs has used Northwind's pricing model, and we will say so in court."
	answer = "The lawsuit says I sold the drive. I did not. I offered Northwind Data the personal drive back in April and nobody answered."
)

// thread is what Dana Reyes says while the program is down.
var thread = []string{
	"I want to answer the questions about Northwind's lawsuit myself. (1/4)",
	"Ivo Lind joined Harbor Labs in April. He told us about the personal drive on his first day. (2/4)",
	"We sealed it, and our lawyers wrote to Northwind Data the same week about the pricing model. (3/4)",
	"We are still waiting for Northwind's reply. We will put the letter before the court. (4/4)",
}

var story = []beat{
	{
		says: "Northwind Data posts on X that it has filed suit.",
		do:   func(w *world) { w.onX("northwind", filing) },
		wait: func(w *world) bool { return w.shown(1) },
	}, {
		says: "Its newsroom says the same words. No second message: the first one now names both places.",
		do:   func(w *world) { w.inNewsroom("Northwind Data files suit", filing) },
		wait: func(w *world) bool { return w.edited(1) },
	}, {
		says: "Everyday noise on X and Bluesky: a hiring post, a conference, somebody else's words.",
		do: func(w *world) {
			w.onX("northwind", "We are hiring! Come and build data pipelines with us in Porto.")
			w.onBluesky("Our booth is number 12. Stop by for coffee and stickers.")
			w.repostedOnX("northwind", "What a week for open data.")
		},
	}, {
		says: "Harbor Labs answers on Bluesky. Discord takes the message, but the answer is lost on the way.",
		do:   func(w *world) { w.loseAnswer(); w.onBluesky(denial) },
		wait: func(w *world) bool { return w.shown(2) },
	}, {
		says: "The process is killed (kill -9). While it is down, Dana Reyes posts a thread of four and Ivo Lind answers.",
		do: func(w *world) {
			w.kill()
			w.threadOnX("dreyes", thread, 4*time.Minute)
			w.onX("ivolind", answer)
		},
	}, {
		says: "It starts again, and catches up.",
		do:   func(w *world) { w.start() },
		wait: func(w *world) bool { return w.shown(4) },
	},
}
