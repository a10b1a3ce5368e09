//! Where the task definition differs from CloudFormation's, and why.

pub(super) const RENAMED: &[(&str, &str)] = &[
    ("ContainerDefinitions.EnvironmentFiles.Type", "file_type"),
    ("ContainerDefinitions.FirelensConfiguration.Type", "router_type"),
    ("EphemeralStorage.SizeInGiB", "size_in_gib"),
    ("PlacementConstraints.Type", "constraint_type"),
    ("Volumes.EFSVolumeConfiguration.FilesystemId", "file_system_id"),
];

const MEANINGLESS: &str = "required here: without it AWS refuses the whole";
const LEGACY: &str = "left out: of Docker's bridge as it was before networks had names";

pub(super) const ALL: &[(&str, &str)] = &[
    ("ContainerDefinitions", "required here: CloudFormation alone lets an empty definition pass"),
    ("ContainerDefinitions.CredentialSpecs", "left out: of Active Directory"),
    ("ContainerDefinitions.DependsOn.Condition", MEANINGLESS),
    ("ContainerDefinitions.DependsOn.ContainerName", MEANINGLESS),
    ("ContainerDefinitions.DisableNetworking", "left out: the network mode none says it"),
    ("ContainerDefinitions.DnsSearchDomains", LEGACY),
    ("ContainerDefinitions.DnsServers", LEGACY),
    ("ContainerDefinitions.EnvironmentFiles.Value", MEANINGLESS),
    ("ContainerDefinitions.ExtraHosts.Hostname", MEANINGLESS),
    ("ContainerDefinitions.ExtraHosts.IpAddress", MEANINGLESS),
    ("ContainerDefinitions.FirelensConfiguration.Type", MEANINGLESS),
    ("ContainerDefinitions.HealthCheck.Command", MEANINGLESS),
    ("ContainerDefinitions.Links", LEGACY),
    ("ContainerDefinitions.LinuxParameters.Devices", "left out: no container here has one"),
    ("ContainerDefinitions.LinuxParameters.Tmpfs.ContainerPath", MEANINGLESS),
    ("ContainerDefinitions.MountPoints.ContainerPath", MEANINGLESS),
    ("ContainerDefinitions.MountPoints.SourceVolume", MEANINGLESS),
    ("ContainerDefinitions.PortMappings.ContainerPort", "required here, in place of a range"),
    ("ContainerDefinitions.PortMappings.ContainerPortRange", "left out: load balancers take ports"),
    ("ContainerDefinitions.RepositoryCredentials.CredentialsParameter", MEANINGLESS),
    ("ContainerDefinitions.ResourceRequirements", "left out: of graphics and inference hardware"),
    ("ContainerDefinitions.RestartPolicy.Enabled", MEANINGLESS),
    ("ContainerDefinitions.SystemControls.Namespace", MEANINGLESS),
    ("ContainerDefinitions.SystemControls.Value", MEANINGLESS),
    ("ContainerDefinitions.VolumesFrom", "left out: volumes of the task have names"),
    ("EphemeralStorage.SizeInGiB", MEANINGLESS),
    ("Family", "required here: CloudFormation makes one up that nobody else knows"),
    ("InferenceAccelerators", "left out: AWS ended Elastic Inference"),
    ("PlacementConstraints.Expression", MEANINGLESS),
    ("ProxyConfiguration", "left out: AWS ends App Mesh"),
    (
        "RequiresCompatibilities",
        "without EXTERNAL and MANAGED_INSTANCES, which nothing here starts",
    ),
    ("RuntimePlatform.OperatingSystemFamily", "Linux alone: no type here has Windows machines"),
    ("Volumes.ConfiguredAtLaunch", "left out: disks of EBS for each task"),
    ("Volumes.FSxWindowsFileServerVolumeConfiguration", "left out: of Windows machines"),
    ("Volumes.Name", MEANINGLESS),
    ("Volumes.S3FilesVolumeConfiguration", "left out: files lie on EFS here"),
    ("revision", "an output of DescribeTaskDefinition, by which people know it"),
];
