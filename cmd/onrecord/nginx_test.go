package main

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onrecord/internal/beside"
)

// Fakes behave as we believe servers do. nginx is one that most newsrooms stand behind: what it makes of compression, entity
// tags, redirects and refusals is read as it is.
func TestBehindNginx(t *testing.T) {
	t.Parallel()
	site := serveWithNginx(t)
	page := filepath.Join(site.root, "news.xml")
	published := func(texts ...string) {
		var items strings.Builder
		for i, text := range texts {
			fmt.Fprintf(&items, "<item><guid isPermaLink=\"false\">n%d</guid><title>Notice %d</title><link>https://harbor.example/%d</link><pubDate>%s</pubDate><description>%s</description></item>", i, i, i, time.Now().UTC().Format(time.RFC1123Z), text)
		}
		text := "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Harbor Labs</title>" + items.String() + "</channel></rss>"
		if err := os.WriteFile(page+".new", []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(page+".new", page); err != nil {
			t.Fatal(err)
		}
	}
	published("An ordinary day at the office.")
	config := func(name, path string) string {
		file := filepath.Join(t.TempDir(), name+".yaml")
		text := fictional + fmt.Sprintf("accounts:\n  - {source: feed, url: %q, speaker: Harbor Labs}\nsources:\n  feed: {allow_private: true}\nweb: off\ndatabase: %q\n", site.url+path, filepath.Join(t.TempDir(), name+".db"))
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	once := func(file string) string { return command(t, "run", "--once", "--config", file) }

	direct, moved := config("direct", "/news.xml"), config("moved", "/moved.xml")
	for _, file := range []string{direct, moved} {
		once(file)
		once(file)
	}
	if log := site.log(t); strings.Count(log, "\"GET /news.xml HTTP/1.1\" 200 gzip") != 2 || strings.Count(log, "\"GET /news.xml HTTP/1.1\" 304") != 2 {
		t.Errorf("each should be read once, compressed, and found unchanged once:\n%s", log)
	}
	published("An ordinary day at the office.", saying(7))
	for _, file := range []string{direct, moved} {
		if said := once(file); !strings.Contains(said, "Statement 007") {
			t.Errorf("%s: what is new was not told:\n%s", filepath.Base(file), said)
		}
		if list := command(t, "latest", "--config", file); !strings.Contains(list, "S-0001") || strings.Contains(list, "S-0002") {
			t.Errorf("on the record:\n%s", list)
		}
	}

	for path, trouble := range map[string]string{"/gone.xml": "gone", "/busy.xml": "unreachable", "/wall.xml": "walled", "/limited.xml": "limited", "/none.xml": "gone", "/secret.xml": "denied"} {
		var out strings.Builder
		code := execute(&terminal{ctx: t.Context(), out: &out, errout: &out}, []string{"check", "--live", "--config", config(trouble, path)})
		if code != failed || !strings.Contains(out.String(), "bad: feed:") || !strings.Contains(out.String(), trouble) {
			t.Errorf("%s, which is %s, ends with %d:\n%s", path, trouble, code, out.String())
		}
	}
}

type nginx struct{ root, url, access string }

func (n nginx) log(t *testing.T) string {
	text, err := os.ReadFile(n.access)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// serveWithNginx serves a folder, and paths that are refused.
func serveWithNginx(t *testing.T) nginx {
	t.Helper()
	program, err := exec.LookPath("nginx")
	if err != nil {
		program = "/usr/sbin/nginx" // Debian's place, on no user's PATH
	}
	if _, err := os.Stat(program); err != nil {
		beside.LeaveOut(t, "not here: nginx; Debian's package is nginx-light")
	}
	free, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	free.Close()
	dir := t.TempDir()
	n := nginx{root: filepath.Join(dir, "www"), url: "http://" + address, access: filepath.Join(dir, "access.log")}
	if err := os.MkdirAll(n.root, 0o755); err != nil {
		t.Fatal(err)
	}
	for folder := dir; len(folder) > len(os.TempDir()); folder = filepath.Dir(folder) {
		if err := os.Chmod(folder, 0o755); err != nil { // whose workers are somebody else
			t.Fatal(err)
		}
	}
	text := fmt.Sprintf(`daemon off; worker_processes 1; pid %[1]s/pid; error_log stderr;
events { worker_connections 64; }
http {
  log_format brief '"$request" $status $sent_http_content_encoding';
  access_log %[1]s/access.log brief;
  client_body_temp_path %[1]s/t; proxy_temp_path %[1]s/t; fastcgi_temp_path %[1]s/t; uwsgi_temp_path %[1]s/t; scgi_temp_path %[1]s/t;
  types { application/rss+xml xml; }
  gzip on; gzip_types application/rss+xml; gzip_min_length 20; gzip_vary on; etag on;
  server {
    listen %[2]s; root %[1]s/www;
    location = /moved.xml { return 301 $scheme://$http_host/news.xml; }
    location = /gone.xml { return 410; }
    location = /busy.xml { return 503; }
    location = /secret.xml { return 401; }
    location = /limited.xml { return 429; }
    location = /wall.xml { default_type text/html; return 403 "<!doctype html><title>Just a moment...</title><body>Checking your browser"; }
  }
}
`, dir, address)
	config := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(config, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	server := exec.CommandContext(t.Context(), program, "-c", config, "-p", dir)
	var said lockedBuffer
	server.Stderr = &said
	server.Cancel = func() error { return server.Process.Signal(os.Interrupt) } // its workers end with it
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Process.Signal(os.Interrupt)
		_ = server.Wait()
	})
	until(t, patience, "nginx answers: "+said.String(), func() bool {
		c, err := new(net.Dialer).DialContext(t.Context(), "tcp", address)
		if err == nil {
			c.Close()
		}
		return err == nil
	})
	return n
}
