/**
 * Apps of people, as their User-Agent begins: calendars, readers, players, sync clients and the libraries and daemons
 * that fetch for them. Most send only `name/version`, or a word (`feed`, `agent`, `http`) that a list of crawlers
 * mistakes for a bot's, so apps are matched before such a list is consulted. One line per kind; add what is missing.
 */
const APPS = [
  // calendars, contacts, mail
  'DAVx5|DAVdroid|CalDAV-Sync|CardDAV-Sync|OpenTasks|Tasks\\.org|ICSx5|iOS/|macOS/|Mac OS X/|Mac\\+OS\\+X/|watchOS/',
  'CalendarAgent|AddressBook|dataaccessd|remindd|accountsd|Thunderbird|Evolution|Outlook|Microsoft Office|GNOME-',
  'Fantastical|BusyCal|eM Client|FairEmail|K-9|Apple-iPhone|Apple-iPad|Android-|Kontact|Akonadi|vdirsyncer|khal',
  // files and sync
  'gvfs|Microsoft-WebDAV|WebDAVFS|WebDAVLib|davfs2|Cyberduck|Mountain Duck|FileZilla|WinSCP|Transmit|Documents/',
  'Nextcloud|ownCloud|mirall|Seafile|Syncthing|FolderSync|Autosync|Resilio|Joplin|Obsidian|Logseq|Standard Notes',
  'Zotero|Floccus|Dropbox|PhotoSync|OneNote|Carnet|Notesnook|Zettlr|Finder|Dolphin|kio_',
  // readers
  'NetNewsWire|Reeder|ReadYou|Read You|Feeder|Feedme|FeedMe|Fluent Reader|NewsFlash|Newsboat|Liferea|RSSOwl|RSS Guard',
  'Akregator|FocusReader|Fiery Feeds|lire/|Unread/|Capy|Miniflux|Readrops|Nunti|KOReader|Kobo|Librera|Moon\\+|Panels/',
  'Readest|Aldiko|FBReader|Calibre|Tachiyomi|Mihon|Komga|Kavita|Paperback|Wallabag|Readeck|Omnivore|Linkding|Karakeep',
  // players, pictures
  'libmpv|mpv|VLC|LibVLC|Kodi|XBMC|Plex|Jellyfin(?! ?-?Server)|JellyfinMediaPlayer|Swiftfin|Findroid|Streamyfin|Infuse',
  'Emby(?! ?-?Server)|Finamp|Symfonium|DSub|Ultrasonic|Subtracks|Tempo/|substreamer|play:Sub|Amperfy|Feishin|Supersonic',
  'AntennaPod|Podverse|Overcast|PocketCasts|Pocket Casts|Podcasts/|Castro|gPodder|Audiobookshelf|ShelfPlayer|BookPlayer',
  'AppleCoreMedia|stagefright|ExoPlayer|Lavf/|GStreamer|NSPlayer|Windows-Media-Player|Roku|SonosHTTP|Sonos/|foobar2000',
  'Strawberry|Rhythmbox|Clementine|Winamp|MPDroid|Immich|PhotoPrism|Photos/|LibreELEC|SmartTube|Moonlight|Sunshine',
  // passwords, home, chat, documents, and other apps of one server
  'Bitwarden|KeePass|Keepassium|Strongbox|1Password|Home Assistant|HomeAssistant|HAcompanion|openHAB|Gotify|ntfy',
  'Element|SchildiChat|FluffyChat|Fractal|nheko|Mattermost|Rocket\\.Chat|Zulip|Signal|Telegram(?!Bot)|Conversations',
  'Paperless|Swift Paperless|Mealie|Tandoor|Grocy|Actual|Firefly|Vikunja|Trilium|Memos|Moememos|Outline|BookStack',
  'Mastodon(?!\\S* \\(http)|Tusky|Ivory|Fedilab|Jerboa|Voyager|Lemmy|Pixelfed|Pachli|Megalodon|GitNex|Working Copy',
  'nzb360|LunaSea|Overseerr|Jellyseerr|Transdroid|qBittorrent|Transmission|JDownloader|OctoApp|Mobileraker|Fluidd',
  'PodcastAddict|LazyLibrarian|Mumble|Microsoft BITS|(?:Radarr|Sonarr|Lidarr|Readarr|Prowlarr|Bazarr)/',
  'Frigate|Scrypted|WireGuard|Tailscale|RustDesk|Guacamole|Windows-Update|Microsoft NCSI|CaptiveNetworkSupport',
];

/** Feed readers in particular put a browser's first word before their own. */
const NAMES = new RegExp(`^(?:Mozilla/5\\.0 \\(compatible; )?(?:${APPS.join('|')})`, 'i');
/** Apple's and Android's own networking, under the app's name. */
const NETWORKING = /\b(?:CFNetwork\/|Darwin\/|CalendarAgent\/|dav4jvm)/;

/** Returns whether a User-Agent is that of an app that people use, and so no bot, whatever words are in its name. */
export function isApp(userAgent: string): boolean {
  return NAMES.test(userAgent) || NETWORKING.test(userAgent);
}
