namespace CogniForge.Serving.Tests;

/// <summary>What holds for every service: scopes, the API document, the folders.</summary>
public class ContractTests(ServingService service) : IClassFixture<ServingService>
{
    [Fact]
    public void Endpoints_All_NameTheirScope() =>
        RouteTable.AssertScopes(service.Services, "GET /v2", "GET /v2/health/live", "GET /v2/health/ready");

    [Fact]
    public Task OpenApi_Served_IsCommitted() => OpenApiFile.AssertCommittedAsync(service.Client, "serving");

    [Fact]
    public Task OpenApi_Operations_AreDescribed() =>
        OpenApiFile.AssertCompleteAsync(service.Client, "ServerMetadata", "ServerLive", "ServerReady");

    [Fact]
    public Task OpenApi_Examples_AreTaken() => OpenApiFile.AssertExamplesAsync(service.Client);

    [Fact]
    public void Folders_References_AreInTheTable() =>
        FolderRules.AssertDependencies(
            typeof(Program).Assembly,
            new Dictionary<string, string> { ["Inference"] = "Models", ["Models"] = "" }
        );

    [Fact]
    public void LogEvents_Ids_AreUnique() =>
        LogEvents.AssertUnique(
            typeof(Program).Assembly,
            typeof(ServiceDefaults.ServiceDescription).Assembly,
            typeof(Messaging.MessagingExtensions).Assembly
        );
}
