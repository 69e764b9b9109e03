package onrecord

// The kinds of an [IncidentNotice].
const (
	IncidentBegan   NoticeKind = "incident"
	IncidentChanged NoticeKind = "incident_change" // its message is changed
)

// IncidentNotice tells the operator of an incident, once, or how it stands by now.
type IncidentNotice struct {
	Incident Incident
	Changed  bool
}

var (
	incidentBegan   = definition{kind: IncidentBegan, letter: "i", subject: incidentName, of: ofIncident(false)}
	incidentChanged = definition{kind: IncidentChanged, letter: "j", counted: true, changes: IncidentBegan, apart: true, subject: incidentName, of: ofIncident(true)}
)

func incidentName(typed string) (string, bool) {
	id, ok := parseNumber("I-", typed)
	return Incident{ID: id}.Number(), ok
}

func ofIncident(changed bool) func(Facts) Notice {
	return func(f Facts) Notice {
		if f.Incident == nil {
			return nil
		}
		return IncidentNotice{*f.Incident, changed}
	}
}

// Kind implements [Notice].
func (n IncidentNotice) Kind() NoticeKind {
	if n.Changed {
		return IncidentChanged
	}
	return IncidentBegan
}

// In implements [Notice]. An incident is on no case.
func (n IncidentNotice) In(map[string]Case) Notice { return n }

func (IncidentNotice) closed() {}
