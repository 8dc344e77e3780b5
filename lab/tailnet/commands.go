package main

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"tailscale.com/tailcfg"
)

// handleCommands adds what `lab` asks of the tailnet: what an admin could do to a device in Tailscale's console, and
// what would otherwise take a machine of another kind. Each is a POST to /lab/COMMAND?device=NAME.
func (t *tailnet) handleCommands(mux *http.ServeMux) {
	for name, run := range map[string]command{
		"expire":  t.expire,
		"renew":   t.renew,
		"remove":  t.remove,
		"version": t.version,
	} {
		mux.HandleFunc("POST /lab/"+name, func(w http.ResponseWriter, r *http.Request) {
			if err := t.run(run, r.FormValue("device"), r.FormValue("value")); err != nil {
				http.Error(w, err.Error(), http.StatusBadRequest)
			}
		})
	}
}

// command does something to a device. It may change the node, which is then stored. t.mu is held.
type command func(d *device, node *tailcfg.Node, value string) error

// run runs a command on the device of that machine name, and tells all devices of the change.
func (t *tailnet) run(run command, name, value string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, d := range t.devices {
		node := t.control.Node(d.key)
		if machineName, _, _ := strings.Cut(node.Name, "."); machineName != name || d.removed {
			continue
		}
		if err := run(d, node, value); err != nil {
			return err
		}
		t.control.UpdateNode(node)
		t.wakeAll()
		return nil
	}
	return fmt.Errorf("there is no device %q in the tailnet", name)
}

// expire lets the device's key expire after a duration, or now. An expired device has to log in again.
func (t *tailnet) expire(_ *device, node *tailcfg.Node, after string) error {
	var in time.Duration
	if after != "" {
		var err error
		if in, err = time.ParseDuration(after); err != nil {
			return err
		}
	}
	node.KeyExpiry = time.Now().Add(in)
	return nil
}

// renew lets the device's key never expire; a device whose key had expired works again.
func (t *tailnet) renew(_ *device, node *tailcfg.Node, _ string) error {
	node.KeyExpiry = time.Time{}
	return nil
}

// remove takes the device out of the tailnet. It is back when its tailscaled connects again.
func (t *tailnet) remove(d *device, _ *tailcfg.Node, _ string) error {
	d.removed = true
	return nil
}

// version makes the others see that version of Tailscale on the device; without one, its own.
func (t *tailnet) version(d *device, _ *tailcfg.Node, version string) error {
	d.version = version
	return nil
}
