<?php
// Logs in to a site and out again, as a person does: by its public name, through all that stands
// before it. Ends with 0 and how long that took, or with 1 and at which step it was refused.
//
//     PROBE_URL=https://moodle.example.edu PROBE_PASSWORD=... php probe.php

require_once(__DIR__ . '/common.php');

const USER = 'probe';
/** How long a page may take, in seconds: whoever waits longer gives up. */
const PATIENCE = 20;

/** A person with a browser, who keeps its cookies and goes where it is sent. */
final class browser {
    private CurlHandle $curl;

    public function __construct() {
        $this->curl = curl_init();
        curl_setopt_array($this->curl, [
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_FOLLOWLOCATION => true,
            CURLOPT_MAXREDIRS => 10,
            CURLOPT_TIMEOUT => PATIENCE,
            // Cookies are kept in memory.
            CURLOPT_COOKIEFILE => '',
            CURLOPT_USERAGENT => 'moodle-infra probe',
        ]);
        if (getenv('CA_FILE')) {
            curl_setopt($this->curl, CURLOPT_CAINFO, getenv('CA_FILE'));
        }
    }

    /** A page; it is an error if there is none. */
    public function get(string $url, string $what): DOMXPath {
        curl_setopt($this->curl, CURLOPT_HTTPGET, true);
        return $this->page($url, $what);
    }

    /** The page that a form leads to. */
    public function post(string $url, array $fields, string $what): DOMXPath {
        curl_setopt($this->curl, CURLOPT_POSTFIELDS, http_build_query($fields));
        return $this->page($url, $what);
    }

    private function page(string $url, string $what): DOMXPath {
        curl_setopt($this->curl, CURLOPT_URL, $url);
        $body = curl_exec($this->curl);
        $body !== false || fail("$what: " . curl_error($this->curl));
        $status = curl_getinfo($this->curl, CURLINFO_RESPONSE_CODE);
        $status === 200 || fail("$what: $url was answered with $status");
        $page = new DOMDocument();
        // What is no sound HTML says so in warnings, and is read all the same.
        $page->loadHTML($body ?: '<html></html>', LIBXML_NOERROR | LIBXML_NOWARNING);
        return new DOMXPath($page);
    }
}

/** The value of an attribute, or text, of the first that is found. */
function first(DOMXPath $page, string $path): ?string {
    $found = $page->query($path)->item(0);
    return $found === null ? null : trim($found->textContent);
}

$login = rtrim(needed('PROBE_URL'), '/') . '/login/index.php';
$password = needed('PROBE_PASSWORD');
$began = hrtime(true);
$browser = new browser();
$page = $browser->get($login, 'the page of the login');
$fields = ['username' => USER, 'password' => $password];
// Some sites have none.
$token = first($page, '//input[@name="logintoken"]/@value');
$page = $browser->post($login, $fields + array_filter(['logintoken' => $token]), 'the login');
$out = first($page, '//a[contains(@href, "/login/logout.php?sesskey=")]/@href');
$out !== null || fail(
    'the login: refused' . (($why = first($page, '//*[@id="loginerrormessage"]')) ? ": $why" : '')
);
$milliseconds = intdiv(hrtime(true) - $began, 1_000_000);
// Or its session would be kept for as long as the longest of them.
$browser->get($out, 'the logout');
say("login $milliseconds ms");
