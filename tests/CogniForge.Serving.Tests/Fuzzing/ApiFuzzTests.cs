namespace CogniForge.Serving.Tests.Fuzzing;

public class ApiFuzzTests(ServingService service) : IClassFixture<ServingService>
{
    [Fact]
    public Task Requests_Mutated_NeverFailTheService() => ApiFuzzer.RunAsync(service.Address, "serving");
}
