namespace CogniForge.Web.Tests;

/// <summary>The contract of every service: scopes, the OpenAPI document, the folder rules, log event ids.</summary>
public sealed class ContractTests : IDisposable
{
    private readonly WebService _web = new(WebService.Unreachable, WebService.Unreachable, WebService.Unreachable);

    public void Dispose() => _web.Dispose();

    // In Development, this route serves files that were added to wwwroot after the build.
    [Fact]
    public void Endpoints_All_DeclareScope() => RouteTable.AssertScopes(_web.Services, "GET,HEAD /{**path:file}");

    [Fact]
    public void Start_Service_CreatesNoDataProtectionKeys() => DataProtection.AssertNoKeys(_web.Services);

    [Fact]
    public void Bodies_NativeApis_RejectUnknownFields() => RouteTable.AssertStrictBodies(_web.Services);

    [Fact]
    public Task OpenApi_Served_MatchesCommittedFile() => OpenApiFile.AssertCommittedAsync(_web.Client, "web");

    [Fact]
    public Task OpenApi_Operations_AreDescribed() => OpenApiFile.AssertCompleteAsync(_web.Client);

    [Fact]
    public Task OpenApi_Examples_AreAccepted() => OpenApiFile.AssertExamplesAsync(_web.Client);

    [Fact]
    public void Clients_References_AreSelfContained() =>
        Expect.None(
            "Clients may use nothing else of the service",
            FolderRules.Broken(
                typeof(Program).Assembly,
                "Clients",
                t => t.Assembly != typeof(Program).Assembly || FolderRules.IsIn(t, "CogniForge.Web.Clients")
            )
        );

    [Fact]
    public void Folders_References_MatchTable() =>
        FolderRules.AssertDependencies(
            typeof(Program).Assembly,
            new Dictionary<string, string>
            {
                ["Clients"] = "",
                ["Dashboard"] = "Clients",
                ["Pages"] = "Clients Dashboard Runs",
                ["Runs"] = "Clients",
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
