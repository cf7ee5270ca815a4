namespace CogniForge.Web.Tests;

/// <summary>What holds for every service: scopes, the API document.</summary>
public sealed class ContractTests : IDisposable
{
    private readonly WebService _web = new(WebService.Nobody, WebService.Nobody, WebService.Nobody);

    public void Dispose() => _web.Dispose();

    // The last is where Development looks for files of wwwroot that were added since the build.
    [Fact]
    public void Endpoints_All_NameTheirScope() => RouteTable.AssertScopes(_web.Services, "GET,HEAD /{**path:file}");

    [Fact]
    public Task OpenApi_Served_IsCommitted() => OpenApiFile.AssertCommittedAsync(_web.Client, "web");

    [Fact]
    public Task OpenApi_Operations_AreDescribed() => OpenApiFile.AssertCompleteAsync(_web.Client);

    [Fact]
    public Task OpenApi_Examples_AreTaken() => OpenApiFile.AssertExamplesAsync(_web.Client);

    [Fact]
    public void Clients_References_StandAlone() =>
        Expect.None(
            "Clients may use nothing else of the service",
            FolderRules.Broken(
                typeof(Program).Assembly,
                "Clients",
                t => t.Assembly != typeof(Program).Assembly || FolderRules.IsIn(t, "CogniForge.Web.Clients")
            )
        );

    [Fact]
    public void Dashboard_References_NoPageAndNoApi() =>
        Expect.None(
            "Dashboard may use neither Pages nor Api",
            FolderRules.Broken(
                typeof(Program).Assembly,
                "Dashboard",
                t => !FolderRules.IsIn(t, "CogniForge.Web.Pages") && !FolderRules.IsIn(t, "CogniForge.Web.Api")
            )
        );

    [Fact]
    public void LogEvents_Ids_AreUnique() =>
        LogEvents.AssertUnique(
            typeof(Program).Assembly,
            typeof(ServiceDefaults.ServiceDescription).Assembly,
            typeof(Messaging.MessagingExtensions).Assembly
        );
}
