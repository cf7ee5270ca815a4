namespace CogniForge.Web.Tests;

public sealed class DocumentExamplesTests : IDisposable
{
    private const int Port = 5200;

    private readonly WebService _service = new(
        WebService.Unreachable,
        WebService.Unreachable,
        WebService.Unreachable
    );

    public static TheoryData<string> Pages => DocumentExamples.FindPages(Port);

    public void Dispose() => _service.Dispose();

    [Theory]
    [MemberData(nameof(Pages))]
    public Task Examples_Pasted_Succeed(string page) =>
        DocumentExamples.AssertSucceedAsync(page, Port, _service.Address);
}
