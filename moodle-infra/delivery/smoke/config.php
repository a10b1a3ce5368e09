<?php
// What the smoke test tells the image: nothing, since the page that it asks for needs none of it.
unset($CFG);
global $CFG;
$CFG = new stdClass();
$CFG->dataroot = '/var/moodledata';
