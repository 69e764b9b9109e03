package onrecord_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"onrecord"
)

// Places recognise a repetition by these texts: what is stored was written so.
func TestDeliveryKeysStayWhatTheyAre(t *testing.T) {
	for want, k := range map[string]onrecord.DeliveryKey{
		"8f3c\nreaders\nS-0042\nn\n0":        {Instance: "8f3c", Channel: "readers", Subject: onrecord.StatementNumber(42), Notice: onrecord.NewStatement.Short(0)},
		"8f3c\nreaders\nS-0042\na3\n0":       {Instance: "8f3c", Channel: "readers", Subject: "S-0042", Notice: onrecord.AlsoSaid.Short(3)},
		"8f3c\nreaders/review\nG-0001\ng\n2": {Instance: "8f3c", Channel: "readers/review", Subject: onrecord.Gap{ID: 1}.Number(), Notice: onrecord.CaughtUp.Short(0), Generation: 2},
	} {
		if got := k.String(); got != want {
			t.Errorf("%+v is written %q, want %q", k, got, want)
		}
		if read, err := onrecord.ParseDeliveryKey(want); err != nil || read != k {
			t.Errorf("%q is read as %+v, %v", want, read, err)
		}
	}
	for _, broken := range []string{"", "8f3c\nreaders\nS-0042\nn", "8f3c\nreaders\nS-0042\nn\nten", "8f3c\nreaders\nS-0042\n\n0", "8f3c\nreaders\nS-0042\nN\n0", "8f3c\nreaders\nS-0042\na1000\n0"} {
		if k, err := onrecord.ParseDeliveryKey(broken); err == nil {
			t.Errorf("%q is read as %+v", broken, k)
		}
	}
}

func TestSubjectsAreRead(t *testing.T) {
	for typed, want := range map[string]string{"s-42": "S-0042", "G-1": "G-0001", "X-1": "", "S-": ""} {
		if name, ok := onrecord.ParseSubject(typed); name != want || ok != (want != "") {
			t.Errorf("%q names %q, %v; want %q", typed, name, ok, want)
		}
	}
}

// TestKindsOfNoticesAreToldApartInOnePlace: beside their list, only the places
// that show notices ask for a kind. Whatever else differs between kinds is a
// field of their definition.
func TestKindsOfNoticesAreToldApartInOnePlace(t *testing.T) {
	shows := map[string]int{"notifiers/console": 10, "notifiers/webhook": 11, "notifiers/discord/message": 13, "statements/card": 6}
	seen := map[string]int{}
	inSQL := regexp.MustCompile(`\bkind (=|<>|IN) \(?'`)
	files := token.NewFileSet()
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(files, path, nil, 0)
		if err != nil {
			return err
		}
		told := func(n ast.Node) {
			folder := filepath.ToSlash(filepath.Dir(path))
			if seen[folder]++; seen[folder] > shows[folder] {
				t.Errorf("%s: a kind of notice is told from others; let notice.go say what differs", files.Position(n.Pos()))
			}
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BinaryExpr:
				if (n.Op == token.EQL || n.Op == token.NEQ) && (isKind(n.X) || isKind(n.Y)) {
					told(n)
				}
			case *ast.CaseClause:
				for _, e := range n.List {
					if isKind(e) {
						told(e)
					}
				}
			case *ast.TypeAssertExpr:
				if isKind(n.Type) {
					told(n)
				}
			case *ast.KeyValueExpr:
				if isKind(n.Key) {
					told(n)
				}
			case *ast.BasicLit:
				if n.Kind == token.STRING && inSQL.MatchString(n.Value) {
					told(n)
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for folder, n := range shows {
		if seen[folder] != n {
			t.Errorf("%s asks %d times for a kind, want %d: the test no longer sees it", folder, seen[folder], n)
		}
	}
}

// isKind reports an expression that names a kind of notice, or the type of one, from
// outside of this package.
func isKind(e ast.Expr) bool {
	s, ok := e.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	of, ok := s.X.(*ast.Ident)
	return ok && of.Name == "onrecord" && slices.Contains([]string{"NewStatement", "AlsoSaid", "CaughtUp", "Corrected", "Correcting", "StatementNotice", "AlsoSaidNotice", "GapNotice", "CorrectedNotice", "CorrectionNotice", "IncidentBegan", "IncidentChanged", "IncidentNotice", "Edited", "Replaced", "Revised", "RevisedNotice", "RedactedReplacement", "Deleted", "Gone", "Unreadable", "Returned", "FateNotice", "Redacted", "RedactedEdit", "RedactedNotice", "Publication", "DigestPublication", "PublicationNotice", "DigestDue", "DigestChanged", "DigestNotice", "Filed", "FilingsNotice", "Personal", "PersonalNotice", "Whole", "WholeChanged", "WholeNotice"}, s.Sel.Name)
}
