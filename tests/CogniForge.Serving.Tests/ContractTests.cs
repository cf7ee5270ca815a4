namespace CogniForge.Serving.Tests;

/// <summary>The contract of every service: scopes, the OpenAPI document, the folder rules, log event ids.</summary>
public class ContractTests(ServingService service) : IClassFixture<ServingService>
{
    [Fact]
    public void Endpoints_All_DeclareScope() =>
        RouteTable.AssertScopes(service.Services, "GET /v2", "GET /v2/health/live", "GET /v2/health/ready");

    [Fact]
    public void Start_Service_CreatesNoDataProtectionKeys() => DataProtection.AssertNoKeys(service.Services);

    [Fact]
    public void Bodies_NativeApis_RejectUnknownFields() => RouteTable.AssertStrictBodies(service.Services);

    [Fact]
    public Task OpenApi_Served_MatchesCommittedFile() => OpenApiFile.AssertCommittedAsync(service.Client, "serving");

    [Fact]
    public Task OpenApi_Operations_AreDescribed() =>
        OpenApiFile.AssertCompleteAsync(service.Client, "ServerMetadata", "ServerLive", "ServerReady");

    [Fact]
    public Task OpenApi_Examples_AreAccepted() => OpenApiFile.AssertExamplesAsync(service.Client);

    [Fact]
    public void Folders_References_MatchTable() =>
        FolderRules.AssertDependencies(
            typeof(Program).Assembly,
            new Dictionary<string, string>
            {
                ["Artifacts"] = "Models",
                ["Experiments"] = "Models",
                ["Inference"] = "Experiments Loading Models Protocol Routing Runners Shadows",
                ["Loading"] = "Artifacts Models Runners",
                ["Metrics"] = "Inference Models Protocol",
                ["Models"] = "",
                ["Protocol"] = "",
                ["Routing"] = "Models Protocol",
                ["Rpc"] = "Experiments Inference Loading Models Protocol Routing Runners",
                ["Runners"] = "Models Protocol",
                ["Shadows"] = "Loading Models Protocol Runners",
                ["Tracking"] = "Models",
            }
        );

    [Fact]
    public void LogEvents_Ids_AreUnique() =>
        LogEvents.AssertUnique(
            typeof(Program).Assembly,
            typeof(ServiceDefaults.ServiceDescription).Assembly,
            typeof(Messaging.MessagingExtensions).Assembly
        );
}
