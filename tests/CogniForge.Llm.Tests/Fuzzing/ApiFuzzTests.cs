namespace CogniForge.Llm.Tests.Fuzzing;

public class ApiFuzzTests(LlmService service) : IClassFixture<LlmService>
{
    [Fact]
    public Task Requests_Mutated_NeverFailTheService() => ApiFuzzer.RunAsync(service.Address, "llm");
}
