package onrecord

// Publication is the kind of a [PublicationNotice].
const Publication NoticeKind = "publication"

// PublicationNotice has the message of a statement published to those who follow its
// channel from elsewhere. It has no message of its own.
type PublicationNotice struct{ Statement Statement }

var publication = definition{
	kind: Publication, letter: "x", publishes: NewStatement, subject: statementName,
	of: func(f Facts) Notice {
		if f.Statement == nil {
			return nil
		}
		return PublicationNotice{*f.Statement}
	},
}

// Kind implements [Notice].
func (PublicationNotice) Kind() NoticeKind { return Publication }

// In implements [Notice].
func (n PublicationNotice) In(map[string]Case) Notice { return n }

func (PublicationNotice) closed() {}
