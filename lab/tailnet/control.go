// Command control is the coordination server of the lab tailnet: Tailscale's own test control
// server, with one DERP relay and one STUN server, all on loopback.
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

	"tailscale.com/derp/derpserver"
	"tailscale.com/net/stunserver"
	"tailscale.com/tailcfg"
	"tailscale.com/tstest/integration/testcontrol"
	"tailscale.com/types/key"
	"tailscale.com/types/logger"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:9911", "address of the coordination server")
	flag.Parse()

	relay := derpserver.New(key.NewNode(), logger.Discard)
	derp := httptest.NewUnstartedServer(derpserver.Handler(relay))
	derp.Config.TLSNextProto = map[string]func(*http.Server, *tls.Conn, http.Handler){}
	derp.StartTLS()

	stun := stunserver.New(context.Background())
	if err := stun.Listen("127.0.0.1:0"); err != nil {
		log.Fatal(err)
	}
	go stun.Serve()

	control := &testcontrol.Server{
		ExplicitBaseURL: "http://" + *addr,
		MagicDNSDomain:  "tail.test",
		AllOnline:       true,
		Logf:            logger.Discard,
		DERPMap: &tailcfg.DERPMap{Regions: map[int]*tailcfg.DERPRegion{
			4: {RegionID: 4, RegionCode: "fra", RegionName: "Frankfurt", Nodes: []*tailcfg.DERPNode{{
				Name: "4a", RegionID: 4, HostName: "127.0.0.1", IPv4: "127.0.0.1", IPv6: "none",
				DERPPort:         derp.Listener.Addr().(*net.TCPAddr).Port,
				STUNPort:         stun.LocalAddr().(*net.UDPAddr).Port,
				InsecureForTests: true, STUNTestIP: "127.0.0.1",
			}}},
		}},
	}
	log.Printf("coordination server on %s, pid %d", *addr, os.Getpid())
	log.Fatal(http.ListenAndServe(*addr, control))
}
