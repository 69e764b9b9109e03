package desk

import (
	"context"

	"onrecord/notifiers"
	"onrecord/statements/card"
)

// cite gives a statement in the forms in which it is cited, to be copied.
func (d desk) cite(ctx context.Context, r notifiers.Request) (notifiers.Answer, error) {
	n, refused, err := d.find(ctx, r, r.Press)
	if err != nil || refused != "" {
		return notifiers.Answer{Head: refused}, err
	}
	c := card.CitationOf(n.Statement)
	return notifiers.Answer{
		Head:    "Cite " + n.Statement.Number(),
		Entries: []notifiers.Entry{{Title: "Plain, Bluebook, CSL-JSON", Code: c.Plain + "\n\n" + c.Bluebook + "\n\n" + c.CSL}},
		Foot:    "The address in brackets leads to the copy of that time at the Internet Archive; whether it has one is to be seen there.",
	}, nil
}
