package main

import (
	"context"
	"net/netip"
	"slices"
	"sync"
	"time"

	"tailscale.com/tailcfg"
	"tailscale.com/tstest/integration/testcontrol"
	"tailscale.com/types/key"
)

// keepAliveEvery is well below the two minutes after which a client gives a silent poll up.
const keepAliveEvery = 50 * time.Second

// tailnet answers map polls in the test control server's place. That server calls every device online (or none), and
// takes one that logs in again for another device; here a device is online while it polls, and is known by its machine
// key, so that it keeps its address, name and user. It remains the store of all nodes.
type tailnet struct {
	control      *testcontrol.Server
	offlineAfter time.Duration

	mu      sync.Mutex
	devices map[key.MachinePublic]*device
	retired map[key.NodePublic]bool // node keys that a device had before its present one
}

// device is one machine of the tailnet.
type device struct {
	key      key.NodePublic // its present one
	polls    map[chan struct{}]bool
	online   bool
	lastSeen time.Time
	leaving  *time.Timer // takes it offline, unless it polls again
	removed  bool        // by command; until it polls again
	version  string      // shown in place of its own, if set
}

func newTailnet(control *testcontrol.Server, offlineAfter time.Duration) *tailnet {
	return &tailnet{
		control:      control,
		offlineAfter: offlineAfter,
		devices:      map[key.MachinePublic]*device{},
		retired:      map[key.NodePublic]bool{},
	}
}

// serveMap answers one map request: a client reports about itself in short ones, and learns about the others in a
// long poll, which gets the whole map again whenever something has changed. See [testcontrol.AltMapStreamFunc].
func (t *tailnet) serveMap(ctx context.Context, w testcontrol.MapStreamWriter, req *tailcfg.MapRequest) {
	d := t.device(req.NodeKey)
	if d == nil {
		return // The client finds its poll ended, and tries again.
	}
	if !req.Stream {
		if !req.ReadOnly {
			t.report(req)
		}
		w.SendMapMessage(&tailcfg.MapResponse{}) // Nobody reads more of it.
		return
	}

	wake := t.connect(d)
	defer t.disconnect(d, wake)
	keepAlive := time.NewTicker(keepAliveEvery)
	defer keepAlive.Stop()
	for {
		res, err := t.mapFor(req)
		if err != nil || res == nil || w.SendMapMessage(res) != nil {
			return
		}
		for changed := false; !changed; {
			select {
			case <-ctx.Done():
				return
			case <-wake:
				changed = true
			case <-keepAlive.C:
				if w.SendMapMessage(&tailcfg.MapResponse{KeepAlive: true}) != nil {
					return
				}
			}
		}
	}
}

// device returns the device that polls with a node key, a new one if its machine is new. Returns nil for a key that is
// not registered, or that its device has replaced.
func (t *tailnet) device(nodeKey key.NodePublic) *device {
	t.mu.Lock()
	defer t.mu.Unlock()
	node := t.control.Node(nodeKey)
	if node == nil || t.retired[nodeKey] {
		return nil
	}
	d := t.devices[node.Machine]
	switch {
	case d == nil:
		d = &device{polls: map[chan struct{}]bool{}}
		t.devices[node.Machine] = d
		node.Created = time.Now()
	case d.key != nodeKey:
		// It logged in again: what it was registered as just now gives way to what it was before.
		before := t.control.Node(d.key)
		t.retired[d.key] = true
		node.ID, node.StableID, node.User = before.ID, before.StableID, before.User
		node.Name, node.Created = before.Name, before.Created
		node.Addresses, node.AllowedIPs = before.Addresses, before.AllowedIPs
		node.KeyExpiry = time.Time{}
	default:
		return d
	}
	d.key = nodeKey
	t.control.UpdateNode(node)
	return d
}

// report takes in what a client says about itself.
func (t *tailnet) report(req *tailcfg.MapRequest) {
	t.mu.Lock()
	defer t.mu.Unlock()
	node := t.control.Node(req.NodeKey)
	node.DiscoKey = req.DiscoKey
	node.Cap = req.Version
	// Link-local addresses mean nothing on another machine.
	node.Endpoints = slices.DeleteFunc(req.Endpoints, func(e netip.AddrPort) bool {
		return e.Addr().Zone() != "" || e.Addr().IsLinkLocalUnicast()
	})
	if hi := req.Hostinfo; hi != nil {
		node.Hostinfo = hi.View()
		if hi.NetInfo != nil && hi.NetInfo.PreferredDERP != 0 {
			node.HomeDERP = hi.NetInfo.PreferredDERP
		}
	}
	t.control.UpdateNode(node)
	t.wakeAll()
}

// connect notes a poll of a device, which is online from then on. What it returns has a value whenever the map has
// changed.
func (t *tailnet) connect(d *device) chan struct{} {
	t.mu.Lock()
	defer t.mu.Unlock()
	wake := make(chan struct{}, 1)
	d.polls[wake] = true
	if d.leaving != nil {
		d.leaving.Stop()
	}
	if !d.online || d.removed {
		d.online, d.removed = true, false
		t.wakeAll()
	}
	return wake
}

// disconnect notes the end of a poll. A device without one is offline after a while.
func (t *tailnet) disconnect(d *device, wake chan struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(d.polls, wake)
	if len(d.polls) > 0 {
		return
	}
	d.lastSeen = time.Now()
	d.leaving = time.AfterFunc(t.offlineAfter, func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		if len(d.polls) == 0 {
			d.online = false
			t.wakeAll()
		}
	})
}

// wakeAll makes every poll send the map again. t.mu must be held.
func (t *tailnet) wakeAll() {
	for _, d := range t.devices {
		for wake := range d.polls {
			select {
			case wake <- struct{}{}:
			default: // It has yet to send what changed before.
			}
		}
	}
}

// mapFor returns the map of the tailnet as one of its devices sees it.
func (t *tailnet) mapFor(req *tailcfg.MapRequest) (*tailcfg.MapResponse, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	res, err := t.control.MapResponse(req)
	if err != nil || res == nil {
		return nil, err
	}
	// The test control server says 2020, by which a client finds no key of another device expired.
	now := time.Now()
	res.ControlTime = &now
	res.Peers = slices.DeleteFunc(res.Peers, func(peer *tailcfg.Node) bool {
		d := t.devices[peer.Machine]
		return d == nil || d.removed || d.key != peer.Key
	})
	for _, peer := range res.Peers {
		t.devices[peer.Machine].describe(peer)
	}
	return res, nil
}

// describe puts into a peer of a map what the test control server does not know of it.
func (d *device) describe(peer *tailcfg.Node) {
	online := d.online
	peer.Online = &online
	if !online {
		lastSeen := d.lastSeen
		peer.LastSeen = &lastSeen
	}
	if d.version != "" && peer.Hostinfo.Valid() {
		hi := peer.Hostinfo.AsStruct()
		hi.IPNVersion = d.version
		peer.Hostinfo = hi.View()
	}
}
