// Command control is the coordination server of the lab's tailnet, with one DERP relay and one STUN server, all on
// loopback. It is Tailscale's own test control server; what that leaves out of a tailnet's life is in tailnet.go, and
// what a test can do to it in commands.go.
package main

import (
	"context"
	"crypto/tls"
	"flag"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"time"

	"tailscale.com/derp/derpserver"
	"tailscale.com/net/stunserver"
	"tailscale.com/tailcfg"
	"tailscale.com/tstest/integration/testcontrol"
	"tailscale.com/types/key"
	"tailscale.com/types/logger"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:9911", "address of the coordination server")
	// Long enough for a tailscaled to be restarted: such a device was never away.
	offlineAfter := flag.Duration("offline-after", 10*time.Second, "how long a device may be disconnected and count as online")
	flag.Parse()

	control := &testcontrol.Server{
		ExplicitBaseURL: "http://" + *addr,
		MagicDNSDomain:  "tail.test",
		Logf:            logger.Discard,
		DERPMap:         startRelay(),
	}
	tailnet := newTailnet(control, *offlineAfter)
	control.AltMapStream = tailnet.serveMap

	mux := http.NewServeMux()
	// All that a client asks for outside its encrypted connection. The test control server ends the whole process when
	// it is asked for a path it does not know.
	for _, path := range []string{"/key", "/ts2021", "/c2n/", "/generate_204"} {
		mux.Handle(path, control)
	}
	tailnet.handleCommands(mux)
	log.Printf("coordination server on %s, pid %d", *addr, os.Getpid())
	log.Fatal(http.ListenAndServe(*addr, mux))
}

// startRelay starts a DERP relay and a STUN server, and returns the map that leads clients to them.
func startRelay() *tailcfg.DERPMap {
	relay := derpserver.New(key.NewNode(), logger.Discard)
	derp := httptest.NewUnstartedServer(derpserver.Handler(relay))
	// DERP takes over the connection, which HTTP/2 does not allow.
	derp.Config.TLSNextProto = map[string]func(*http.Server, *tls.Conn, http.Handler){}
	derp.StartTLS()

	stun := stunserver.New(context.Background())
	if err := stun.Listen("127.0.0.1:0"); err != nil {
		log.Fatal(err)
	}
	go stun.Serve()

	node := &tailcfg.DERPNode{
		Name:             "4a",
		RegionID:         4,
		HostName:         "127.0.0.1",
		IPv4:             "127.0.0.1",
		IPv6:             "none",
		DERPPort:         derp.Listener.Addr().(*net.TCPAddr).Port,
		STUNPort:         stun.LocalAddr().(*net.UDPAddr).Port,
		STUNTestIP:       "127.0.0.1",
		InsecureForTests: true,
	}
	region := &tailcfg.DERPRegion{
		RegionID:   4,
		RegionCode: "fra",
		RegionName: "Frankfurt",
		Nodes:      []*tailcfg.DERPNode{node},
	}
	return &tailcfg.DERPMap{Regions: map[int]*tailcfg.DERPRegion{region.RegionID: region}}
}
