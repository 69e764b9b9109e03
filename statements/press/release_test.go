package press_test

import (
	"strings"
	"testing"

	"onrecord/statements/press"
	"onrecord/statements/statementstest"

	"github.com/google/go-cmp/cmp"
)

func released(speaker, text string) string {
	var words []string
	for _, r := range press.Own(statementstest.Latin(), statementstest.Person(speaker), text) {
		words = append(words, r.Trimmed(text).In(text))
	}
	return strings.Join(words, " | ")
}

// TestReleases: what is printed around a house's release is no statement, and the
// words of its own people are.
func TestReleases(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		// Around it.
		"LISBON, Nov. 27 – Harbor Labs answered today. It denies all of it.":      "Harbor Labs answered today. It denies all of it.",
		"LISBON, Nov. 27, 2026 /PRNewswire/ -- Harbor Labs answered today.":       "Harbor Labs answered today.",
		"SAN FRANCISCO--(BUSINESS WIRE)--Harbor Labs answered today.":             "Harbor Labs answered today.",
		"Lisbon, 27 November 2026 — Harbor Labs answered today.":                  "Harbor Labs answered today.",
		"BERLIN, 27. November 2026 – Harbor Labs hat heute geantwortet.":          "Harbor Labs hat heute geantwortet.",
		"Paris, le 27 novembre 2026 – Harbor Labs a répondu.":                     "Harbor Labs a répondu.",
		"Madrid, 27 de noviembre de 2026 – Harbor Labs ha respondido.":            "Harbor Labs ha respondido.",
		"Our answer – and why it took so long. We deny it.":                       "Our answer – and why it took so long. We deny it.",
		"IN COURT TODAY – we deny all of it.":                                     "IN COURT TODAY – we deny all of it.",
		"We deny it.\n\nAbout Harbor Labs\nHarbor Labs makes software.":           "We deny it.",
		"We deny it.\n\nAbout Harbor Labs: Harbor makes software for ships.":      "We deny it.",
		"We deny it.\n\nÜber Harbor Labs\nHarbor Labs macht Software.":            "We deny it.",
		"We deny it.\n\nAcerca de Harbor Labs\nHarbor Labs hace software.":        "We deny it.",
		"We deny it.\n\nÀ propos de Harbor Labs\nHarbor Labs fait des logiciels.": "We deny it.",
		"We deny it.\n\nSobre a Harbor Labs\nA Harbor Labs faz software.":         "We deny it.",
		"We deny it.\n\nO Harbor Labs\nHarbor Labs robi oprogramowanie.":          "We deny it.",
		"We deny it.\n\nO компании Harbor Labs\nHarbor Labs делает программы.":    "We deny it.",
		"当社は否定します。法廷で説明します。何も取っていません。すべての記録を提出します。判断を待ちます。\n\nハーバー・ラボについて\n当社はソフトウェアを作っています。": "当社は否定します。法廷で説明します。何も取っていません。すべての記録を提出します。判断を待ちます。",
		"We deny it.\n\nMedia contact:\nTom Hale, press@harborlabs.example":                            "We deny it.",
		"We deny it.\n\nForward-Looking Statements\nThis release contains forward-looking statements.": "We deny it.",
		"We deny it.\n\n###\n\nHarbor Labs makes software.":                                            "We deny it.",
		"About the claims of Northwind we can say this: they are false.\n\nWe deny them.":              "About the claims of Northwind we can say this: they are false.\n\nWe deny them.",
		"LISBON – About Harbor Labs much was said.\n\nAbout Harbor Labs\nHarbor Labs makes software.":  "About Harbor Labs much was said.",
		// In it.
		"LISBON, Nov. 27 – Harbor Labs answered.\n\n“Every line was written here,” said Dana Reyes, chief executive of Harbor Labs.\n\nAbout Harbor Labs: Harbor makes software.": "Every line was written here",
		"Harbor Labs answered.\n\n“Every line was written here,” the company said.":                                                                                               "Every line was written here",
		"Harbor Labs hat geantwortet.\n\n„Jede Zeile ist hier entstanden“, sagte Dana Reyes, Geschäftsführerin von Harbor Labs.":                                                  "Jede Zeile ist hier entstanden",
		"Harbor Labs answered today.\n\n“They copied it line by line,” Ivo Lind said.":                                                                                            "Harbor Labs answered today.",
		"Harbor Labs answered today. “They copied it,” said Tom Hale of Northwind.":                                                                                               "Harbor Labs answered today.",
		"Harbor Labs answered today.\n\n> They copied it line by line and the court will hear of it.\n\nWe deny it.":                                                              "Harbor Labs answered today. | We deny it.",
		"Harbor Labs today asked the court to dismiss Northwind Data v. Harbor Labs, calling the case “meritless”.":                                                               "Harbor Labs today asked the court to dismiss Northwind Data v. Harbor Labs, calling the case “meritless”.",
		"Harbor Labs calls the suit a “stunt”. The motion was filed in San Example on Friday.":                                                                                    "Harbor Labs calls the suit a “stunt”. The motion was filed in San Example on Friday.",
		"Northwind’s so-called “crown jewels” are public.":                                                                                                                        "Northwind’s so-called “crown jewels” are public.",
	} {
		if diff := cmp.Diff(want, released("Harbor Labs", text)); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
}
