package match

import (
	"time"

	"onrecord"
)

var filed = time.Date(2025, 9, 3, 0, 0, 0, 0, time.UTC)

// northwind is the invented case of all tests.
func northwind() onrecord.Case {
	return onrecord.Case{
		ID:     "northwind-v-harbor",
		Title:  "Northwind Data, Inc. v. Harbor Labs and Ivo Lind",
		Court:  "U.S. District Court, Northern District of California",
		Docket: []string{"3:25-cv-07402-JD"},
		Judge:  "Hon. Mara Quist (trial); Jon Ek, Liv Aas (appeal)",
		Filed:  filed,
		Parties: []onrecord.Person{
			{Name: "Northwind Data, Inc.", Role: "plaintiff", Aliases: []string{"Northwind", "@northwind_data"}},
			{Name: "Harbor Labs", Role: "defendant", Aliases: []string{"@harborlabs"}},
			{Name: "Ivo Lind", Role: "defendant", Aliases: []string{"Lind"}},
		},
		People: []onrecord.Person{
			{Name: "Dana Reyes", Role: "chief executive of Harbor Labs", Aliases: []string{"@danareyes"}},
			{Name: "Mara Quist", Role: "judge"},
		},
		Keywords: []string{"trade secrets", "source code", "Customer Seven", "deposition", "exfiltration"},
		Exclude:  []string{"Tidewater", "licensing dispute"},
		Events:   []onrecord.Event{{Date: filed, What: "complaint filed"}},
	}
}

// tidewater is another case of the same party.
func tidewater() onrecord.Case {
	return onrecord.Case{
		ID: "tidewater-v-harbor", Title: "Tidewater Port Authority v. Harbor Labs",
		Court: "Superior Court of California", Docket: []string{"CGC-24-611090"}, Filed: filed,
		Parties: []onrecord.Person{
			{Name: "Tidewater Port Authority", Role: "plaintiff", Aliases: []string{"Tidewater"}},
			{Name: "Harbor Labs", Role: "defendant", Aliases: []string{"@harborlabs"}},
		},
		Keywords: []string{"berth sensors", "licensing"},
		Events:   []onrecord.Event{{Date: filed, What: "hearing"}},
	}
}

// say is a post of a speaker some time after the complaint.
func say(speaker, text string, after time.Duration) Input {
	return Input{Speaker: speaker, Cases: []string{"northwind-v-harbor"}, Post: onrecord.Post{
		Account: "x:" + speaker, ID: after.String(), Kind: onrecord.Original, Text: text, Created: filed.Add(after), Dated: true,
	}}
}
