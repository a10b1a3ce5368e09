<?php
// A shared file, which the web server itself sends.
header('X-Accel-Redirect: /dataroot/visits');
