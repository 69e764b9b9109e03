package fetch_test

import (
	"crypto/x509"
	"os"
	"os/exec"
	"testing"
)

// The container image has no certificates of its own: those that are linked in are all there are.
func TestRootsWithoutASystem(t *testing.T) {
	t.Parallel()
	const inside = "ONRECORD_TEST_ROOTS"
	if os.Getenv(inside) != "" {
		roots, err := x509.SystemCertPool()
		if err != nil || roots.Equal(x509.NewCertPool()) {
			t.Fatalf("no root is trusted (%v)", err)
		}
		return
	}
	again := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$")
	again.Env = append(os.Environ(), inside+"=1", "SSL_CERT_FILE=/nonexistent", "SSL_CERT_DIR=/nonexistent")
	if out, err := again.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}
