namespace CogniForge.Analytics.Tests.Fuzzing;

public class ApiFuzzTests(AnalyticsService service) : IClassFixture<AnalyticsService>
{
    [Fact]
    public Task Requests_Mutated_NeverFailTheService() => ApiFuzzer.RunAsync(service.Address, "analytics");
}
