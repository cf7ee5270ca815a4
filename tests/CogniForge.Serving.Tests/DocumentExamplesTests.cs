namespace CogniForge.Serving.Tests;

public sealed class DocumentExamplesTests(ServingService service) : IClassFixture<ServingService>
{
    private const int Port = 5202;

    public static TheoryData<string> Pages => DocumentExamples.FindPages(Port);

    [Theory]
    [MemberData(nameof(Pages))]
    public Task Examples_Pasted_Succeed(string page) =>
        DocumentExamples.AssertSucceedAsync(page, Port, service.Address);
}
