// Package mutants plants known bugs in the engine and the judgement, one at a time, and demands
// that the suite notices each: a promise whose breach no test sees is not held.
package mutants

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

const (
	root = "../.."
	// A mutant may hang the tests instead of failing them.
	testTimeout = 120 * time.Second
)

// TestList: what a mutant replaces is there, once, and so are the tests that
// are to notice it.
func TestList(t *testing.T) {
	seen := map[string]bool{}
	for _, m := range list {
		if seen[m.name] || m.why == "" {
			t.Errorf("%s: it is listed twice, or nobody says why it matters", m.name)
		}
		seen[m.name] = true
		if _, _, _, err := m.planted(root); err != nil {
			t.Error(err)
		}
		written := functions(t, m.pkg)
		for test := range strings.SplitSeq(m.tests, "|") {
			if !written[test] {
				t.Errorf("%s: %s has no %s", m.name, m.pkg, test)
			}
		}
	}
}

// TestMutants takes minutes and is run by `make mutants`. ONRECORD_MUTANTS names
// mutants, joined by |, or all.
func TestMutants(t *testing.T) {
	wanted := os.Getenv("ONRECORD_MUTANTS")
	if wanted == "" {
		t.Skip("ONRECORD_MUTANTS names no mutant")
	}
	chosen := slices.DeleteFunc(slices.Clone(list), func(m mutant) bool { return wanted != "all" && !slices.Contains(strings.Split(wanted, "|"), m.name) })
	if len(chosen) == 0 {
		t.Fatalf("no mutant is called %q", wanted)
	}
	tree := copied(t)
	unharmed(t, tree, chosen)
	fmt.Fprintf(t.Output(), "%-34s %7s  %s\n", "mutant", "seconds", "caught by")
	for _, m := range chosen {
		began := time.Now()
		by, err := m.caught(t.Context(), tree)
		if err != nil {
			t.Errorf("%s: %v\n\tit matters: %s", m.name, err, m.why)
			by = "-"
		}
		fmt.Fprintf(t.Output(), "%-34s %7.1f  %s\n", m.name, time.Since(began).Seconds(), by)
	}
}

// copied puts the files under version control, as they are now, into a folder
// where they may be broken.
func copied(t *testing.T) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "git", "-C", root, "ls-files", "-z").Output()
	if err != nil {
		t.Fatalf("list the files of the module: %v", err)
	}
	tree := t.TempDir()
	for name := range strings.SplitSeq(strings.TrimSuffix(string(out), "\x00"), "\x00") {
		content, err := os.ReadFile(filepath.Join(root, name))
		if errors.Is(err, os.ErrNotExist) { // deleted, but not yet committed
			continue
		}
		to := filepath.Join(tree, name)
		if err := errors.Join(err, os.MkdirAll(filepath.Dir(to), 0o755), os.WriteFile(to, content, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	return tree
}

// unharmed runs the tests of all chosen mutants without any: a test that fails
// anyway catches nothing.
func unharmed(t *testing.T, tree string, chosen []mutant) {
	t.Helper()
	tests := map[string][]string{}
	for _, m := range chosen {
		tests[m.pkg] = append(tests[m.pkg], m.tests)
	}
	for _, pkg := range slices.Sorted(maps.Keys(tests)) {
		if out, err := run(t.Context(), tree, pkg, strings.Join(tests[pkg], "|")); err != nil {
			t.Fatalf("%s fails without any mutant: %v\n%s", pkg, err, out)
		}
	}
}

// caught plants the mutant, runs its tests, mends the tree and returns the test
// that failed.
func (m mutant) caught(ctx context.Context, tree string) (by string, err error) {
	file, sound, broken, err := m.planted(tree)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, os.WriteFile(file, sound, 0o600)) }()
	if err := os.WriteFile(file, broken, 0o600); err != nil {
		return "", err
	}
	if out, err := command(ctx, filepath.Dir(file), "vet", "."); err != nil {
		return "", fmt.Errorf("it does not compile, which proves nothing: %w\n%s", err, out)
	}
	out, err := run(ctx, tree, m.pkg, m.tests)
	if err == nil {
		return "", fmt.Errorf("it SURVIVED %s of %s", m.tests, m.pkg)
	}
	if by := failed(out); by != "" {
		return by, nil
	}
	return "", fmt.Errorf("the tests did not run: %w\n%s", err, out)
}

// planted returns the file that the mutant is in, as it is and with the bug.
func (m mutant) planted(tree string) (file string, sound, broken []byte, err error) {
	folder, declared, _ := strings.Cut(m.in, ": ")
	files, err := filepath.Glob(filepath.Join(tree, folder, "*.go"))
	if err != nil {
		return "", nil, nil, err
	}
	found := 0
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		content, err := os.ReadFile(f)
		if err != nil {
			return "", nil, nil, err
		}
		set := token.NewFileSet()
		parsed, err := parser.ParseFile(set, f, content, parser.SkipObjectResolution)
		if err != nil {
			return "", nil, nil, err
		}
		for _, n := range declarations(parsed)[declared] {
			start, end := set.Position(n.Pos()).Offset, set.Position(n.End()).Offset
			there := string(content[start:end])
			if times := strings.Count(there, m.find); times > 0 {
				found += times
				file, sound = f, content
				broken = slices.Concat(content[:start], []byte(strings.Replace(there, m.find, m.put, 1)), content[end:])
			}
		}
	}
	if found != 1 {
		return "", nil, nil, fmt.Errorf("%s: %s holds %q %d times, want once: bring the list up to date", m.name, m.in, m.find, found)
	}
	return file, sound, broken, nil
}

// declarations are the functions, methods, constants and variables of a file by
// name; a method's is Type.Name.
func declarations(f *ast.File) map[string][]ast.Node {
	all := map[string][]ast.Node{}
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			name := d.Name.Name
			if d.Recv != nil {
				of := d.Recv.List[0].Type
				if pointer, ok := of.(*ast.StarExpr); ok {
					of = pointer.X
				}
				if of, ok := of.(*ast.Ident); ok {
					name = of.Name + "." + name
				}
			}
			all[name] = append(all[name], d)
		case *ast.GenDecl:
			for _, s := range d.Specs {
				if v, ok := s.(*ast.ValueSpec); ok {
					for _, name := range v.Names {
						all[name.Name] = append(all[name.Name], v)
					}
				}
			}
		}
	}
	return all
}

func run(ctx context.Context, tree, pkg, tests string) (string, error) {
	return command(ctx, tree, "test", "-count=1", "-vet=off", "-failfast", "-timeout", testTimeout.String(), "-run", "^("+tests+")$", "./"+pkg)
}

func command(ctx context.Context, tree string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = tree
	out, err := cmd.CombinedOutput()
	return string(out), err
}

var (
	failure = regexp.MustCompile(`(?m)^\s*--- FAIL: (\S+)`)
	crash   = regexp.MustCompile(`(?m)^(panic|fatal error): .*`)
)

// failed is the innermost test that failed first, or what ended them all.
func failed(out string) string {
	var names []string
	for _, found := range failure.FindAllStringSubmatch(out, -1) {
		names = append(names, found[1])
	}
	for _, name := range names {
		if !slices.ContainsFunc(names, func(inner string) bool { return strings.HasPrefix(inner, name+"/") }) {
			return name
		}
	}
	return crash.FindString(out)
}

var function = regexp.MustCompile(`(?m)^func (Test\w+)\(`)

// functions are the tests of a package.
func functions(t *testing.T, pkg string) map[string]bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, pkg, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	written := map[string]bool{}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range function.FindAllStringSubmatch(string(content), -1) {
			written[found[1]] = true
		}
	}
	return written
}
